#include "core/commands/version.hpp"

#include "core/modules/module_library.hpp"
#include "core/net/tls_library.hpp"
#include "core/settings/yaml_document.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/program_version.hpp"
#include "core/support/xml_text.hpp"

#include "rcb/provider_abi.h"

#include <Poco/Version.h>
#include <fmt/format.h>

#include <utility>
#include <vector>

namespace rcb {
namespace {

#if defined(__x86_64__)
constexpr std::string_view kArchitecture = "amd64";
#elif defined(__aarch64__)
constexpr std::string_view kArchitecture = "arm64";
#else
constexpr std::string_view kArchitecture = RCB_PROCESSOR;
#endif

#if defined(__GLIBC__)
constexpr std::string_view kLibc = "glibc";
#else
constexpr std::string_view kLibc = "musl";  // which defines no macro of its own
#endif

using Library = std::pair<std::string_view, std::string>;

// Those of the product that have a version: at run time where the library tells it, else of the headers.
std::vector<Library> libraries() {
  return {{"OpenSSL", tlsLibraryVersion()},
          {"Poco", fmt::format("{}.{}.{}", POCO_VERSION >> 24, POCO_VERSION >> 16 & 0xff, POCO_VERSION >> 8 & 0xff)},
          {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
          {"libyaml", yamlLibraryVersion()},
          {"expat", xmlLibraryVersion()}};
}

std::string versionJson(const std::string& abi, const std::vector<std::string>& missing) {
  std::string text;
  JsonWriter writer(text, true);
  writer.beginObject();
  writer.member("version", kProgramVersion);
  writer.member("commit", RCB_COMMIT);
  writer.member("moduleAbi", abi);
  writer.member("loadsModules", kLoadsModules);
  writer.member("compiler", RCB_COMPILER);
  writer.key("platform");
  writer.beginObject();
  writer.member("os", "linux");
  writer.member("architecture", kArchitecture);
  writer.member("libc", kLibc);
  writer.endObject();
  writer.key("libraries");
  writer.beginObject();
  for (const auto& [name, version] : libraries()) writer.member(name, version);
  writer.endObject();
  writer.strings("confinementMissing", missing);
  writer.endObject();
  return text + "\n";
}

}  // namespace

std::string versionText(bool json, const Confinement& confinement) {
  const std::string abi = fmt::format("{}.{}", RCB_ABI_MAJOR, RCB_ABI_MINOR);
  const std::vector<std::string> missing = confinement.missing();
  if (json) return versionJson(abi, missing);
  std::string linked;
  for (const auto& [name, version] : libraries()) {
    linked += fmt::format("{}{} {}", linked.empty() ? "" : ", ", name, version);
  }
  // Scripts read the first line.
  return fmt::format(
      "registry-credential-broker {} ({})\n"
      "commit: {}\n"
      "compiler: {}\n"
      "platform: linux-{}, {}\n"
      "libraries: {}\n"
      "confinement: {}\n",
      kProgramVersion, kLoadsModules ? "module ABI " + abi : "no modules", RCB_COMMIT, RCB_COMPILER, kArchitecture,
      kLibc, linked, missing.empty() ? "complete" : fmt::format("{}", fmt::join(missing, "; ")));
}

}  // namespace rcb
