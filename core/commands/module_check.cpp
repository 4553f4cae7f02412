#include "core/commands/module_check.hpp"

#include "core/commands/glibc_release.hpp"
#include "core/modules/module_facts.hpp"
#include "core/modules/module_library.hpp"
#include "core/modules/module_policy.hpp"
#include "core/modules/module_provider.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/support/stage.hpp"
#include "core/support/trusted_path.hpp"

#include "rcb/provider_abi.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>

namespace rcb {
namespace {

#if defined(__aarch64__)
constexpr std::string_view kProcessor = "aarch64";
#else
constexpr std::string_view kProcessor = "x86_64";
#endif

constexpr std::size_t kListed = 10;  // names in one line

std::string listed(const std::vector<std::string>& names) {
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(names.size(), kListed); ++i) shown.push_back(printable(names[i], 80));
  return fmt::format("{}{}", fmt::join(shown, ", "),
                     names.size() > kListed ? fmt::format(" and {} more", names.size() - kListed) : "");
}

// Parts of glibc itself, which every node has that can load modules.
bool isGlibc(std::string_view library) {
  constexpr std::array<std::string_view, 5> kNames = {"libc.so.", "libm.so.", "libpthread.so.", "libdl.so.",
                                                      "ld-linux"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [library](std::string_view name) { return library.starts_with(name); });
}

void warnOfGlibc(ModuleReport& report, const std::vector<NeededVersion>& versions) {
  std::vector<std::string> symbols;
  for (const auto& [symbol, minor] : newSymbols(versions)) symbols.push_back(fmt::format("{} (2.{})", symbol, minor));
  if (!symbols.empty()) {
    report.warnings.push_back(
        {fmt::format("it needs glibc 2.{}, which nodes before {} do not have: {}", report.glibc,
                     distributionsWith(report.glibc), listed(symbols)),
         fmt::format("build it for 2.{0}, with `zig cc -target {1}-linux-gnu.2.{0}` or in an older distribution",
                     kOldestGlibc, kProcessor)});
  }
  for (const NeededVersion& needed : versions) {
    if (needed.version != "GLIBC_PRIVATE") continue;
    report.warnings.push_back(
        {"it needs private symbols of glibc, which change without notice: " + listed(needed.symbols),
         "use public functions"});
  }
}

void warnOfLibraries(ModuleReport& report) {
  for (const std::string& library : report.libraries) {
    if (isGlibc(library)) continue;
    report.warnings.push_back({fmt::format("it needs {}, which a node may not have", printable(library, 80)),
                               "link it statically, or install it on the nodes with the module"});
  }
}

void warnOfExports(ModuleReport& report) {
  std::vector<std::string> more = report.exports;
  std::erase_if(more, [](const std::string& name) { return name.starts_with("rcb_provider_entry_v"); });
  if (more.empty()) return;
  report.warnings.push_back(
      {fmt::format("it exports {} besides its entry symbol: {}",
                   more.size() == 1 ? "a symbol" : fmt::format("{} symbols", more.size()), listed(more)),
       "hide them with a version script, as rcb_add_module() does"});
}

void addFacts(ModuleReport& report, const std::string& path, const ModuleFacts& facts) {
  for (const Error& fault : facts.placeFaults) {
    report.warnings.push_back({"on a node it would be refused: " + refusalReason(fault, {path}), fault.advice()});
  }
  for (const std::string& fault : facts.faults) report.errors.push_back({fault, ""});
  report.majors = facts.majors;
  report.libraries = facts.libraries;
  report.exports = facts.symbols.exported;
  report.sanitized = facts.sanitized;
  report.glibc = newestGlibc(facts.symbols.versions);
  warnOfGlibc(report, facts.symbols.versions);
  warnOfLibraries(report);
  warnOfExports(report);
}

// Loads the module and reads its table. Null, with an error in the report, if a node could not.
std::unique_ptr<ModuleProvider> open(ModuleReport& report, const std::string& path) {
  if (report.sanitized && !isSanitizerLoaded()) {
    report.errors.push_back(
        {kSanitizerProblem,
         "build it without; to check this build, start this program with the sanitizer's library in "
         "LD_PRELOAD, or test it with librcb-testing"});
    return nullptr;
  }
  try {
    auto provider = std::make_unique<ModuleProvider>(loadUncheckedModule(path), "");
    report.minor = provider->builtFor();
    report.provider = provider->description();
    const std::string wanted = modulePath("", report.provider->name).substr(1);
    if (!path.ends_with("/" + wanted)) {
      report.warnings.push_back({fmt::format("on a node its file must be named {}, after its provider", wanted), ""});
    }
    return provider;
  } catch (const Error& error) {
    report.errors.push_back({refusalReason(error, {path}), error.advice()});
    return nullptr;
  }
}

// Nothing, with an error for each problem, if the file is not a valid script.
std::optional<ScriptFile> readScript(ModuleReport& report, const std::string& file) {
  enterStage("reading the script", file);
  std::ifstream stream(file, std::ios::binary);
  std::string text(kScriptBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) throw fileUnreadable("script", file, std::strerror(errno));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  ProblemList problems;
  auto script = readScriptFile(text, problems);
  for (const Problem& problem : problems.take()) report.errors.push_back({problem.line(printable(file)), ""});
  return script;
}

}  // namespace

ModuleReport checkModule(const ModuleCheck& wanted, std::span<const std::string> moduleFolders) {
  const std::string path = std::filesystem::absolute(wanted.file).lexically_normal().string();
  ModuleReport report;
  report.file = wanted.file;
  addFacts(report, path, readModuleFacts(path, moduleFolders));
  const auto provider = report.errors.empty() ? open(report, path) : nullptr;
  for (const std::string& file : wanted.scripts) {
    const auto script = readScript(report, file);
    if (!script || !provider) continue;
    enterStage("running the script", file);
    report.scripts.push_back(runScript(*provider, file, *script));
  }
  return report;
}

}  // namespace rcb
