#include "core/commands/module_report.hpp"

#include "core/commands/glibc_release.hpp"
#include "core/commands/provider_description.hpp"
#include "core/report/text_table.hpp"
#include "core/support/error.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/printable.hpp"

#include "rcb/provider_abi.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace rcb {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kShown = 1000;  // characters of what a script compares

std::string versionText(const ModuleReport& report) {
  return report.minor ? fmt::format("{}.{}", RCB_ABI_MAJOR, *report.minor) : "";
}

std::string hostVersion() { return fmt::format("{}.{}", RCB_ABI_MAJOR, RCB_ABI_MINOR); }

std::string glibcVersion(const ModuleReport& report) {
  return report.glibc == 0 ? "" : fmt::format("2.{}", report.glibc);
}

bool isMet(const ScriptResult& script) { return script.unmet.empty(); }

bool scriptsMet(const ModuleReport& report) { return std::all_of(report.scripts.begin(), report.scripts.end(), isMet); }

void addFindings(std::string& text, const std::vector<Finding>& findings, const std::string& label) {
  for (const Finding& finding : findings) {
    text += fmt::format("{} {}{}{}\n", label, finding.reason, finding.advice.empty() ? "" : "; ", finding.advice);
  }
}

std::string factRows(const ModuleReport& report) {
  Rows rows;
  if (report.minor) {
    rows.push_back({"contract", fmt::format("built for {}, this program has {}", versionText(report), hostVersion())});
  }
  if (report.glibc > 0) {
    rows.push_back({"glibc", fmt::format("{} or later; on nodes: {}", glibcVersion(report),
                                         distributionsWith(std::max(report.glibc, kOldestGlibc)))});
  }
  if (!report.libraries.empty()) rows.push_back({"libraries", fmt::format("{}", fmt::join(report.libraries, ", "))});
  if (report.sanitized) rows.push_back({"sanitizer", "AddressSanitizer"});
  return textTable(rows);
}

std::string quoted(std::string_view text) { return '"' + printable(text, kShown) + '"'; }

std::string scriptText(const ScriptResult& script, const Style& style) {
  std::string text = fmt::format("\nscript {}:\n", printable(script.file));
  Rows rows;
  for (const std::string& request : script.requests) rows.push_back({"request", printable(request, kShown)});
  rows.push_back({"outcome", printable(script.outcome, kShown)});
  text += textTable(rows, 2);
  for (const Unmet& unmet : script.unmet) {
    text += fmt::format("  {} {}: expected {}, found {}\n", style.paint(Tone::kBad, "unmet:"), printable(unmet.what),
                        quoted(unmet.expected), quoted(unmet.found));
  }
  return text;
}

std::string counted(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string summary(const ModuleReport& report, const Style& style) {
  std::string text = report.errors.empty() ? style.paint(Tone::kGood, "valid")
                                           : style.paint(Tone::kBad, counted(report.errors.size(), "error"));
  if (!report.warnings.empty()) text += ", " + counted(report.warnings.size(), "warning");
  if (report.scripts.empty()) return text;
  const auto met = std::count_if(report.scripts.begin(), report.scripts.end(), isMet);
  return text + fmt::format(", {} of {} met", met, counted(report.scripts.size(), "script"));
}

void writeFindings(JsonWriter<std::string>& writer, std::string_view name, const std::vector<Finding>& findings) {
  writer.key(name);
  writer.beginArray();
  for (const Finding& finding : findings) {
    writer.beginObject();
    writer.member("reason", finding.reason);
    writer.member("advice", finding.advice);
    writer.endObject();
  }
  writer.endArray();
}

void writeScript(JsonWriter<std::string>& writer, const ScriptResult& script) {
  writer.beginObject();
  writer.member("file", printable(script.file));
  std::vector<std::string> requests;
  for (const std::string& request : script.requests) requests.push_back(printable(request, kShown));
  writer.strings("requests", requests);
  writer.member("outcome", printable(script.outcome, kShown));
  writer.key("unmet");
  writer.beginArray();
  for (const Unmet& unmet : script.unmet) {
    writer.beginObject();
    writer.member("what", printable(unmet.what));
    writer.member("expected", printable(unmet.expected, kShown));
    writer.member("found", printable(unmet.found, kShown));
    writer.endObject();
  }
  writer.endArray();
  writer.endObject();
}

}  // namespace

int ModuleReport::status() const {
  if (!errors.empty()) return static_cast<int>(ErrorKind::kConfig);
  return scriptsMet(*this) ? 0 : static_cast<int>(ErrorKind::kInternal);
}

std::string ModuleReport::text(const Style& style) const {
  std::string text;
  addFindings(text, errors, style.paint(Tone::kBad, "error:"));
  addFindings(text, warnings, style.paint(Tone::kWarning, "warning:"));
  text += factRows(*this);
  if (provider) text += "\n" + providerText(*provider);
  for (const ScriptResult& script : scripts) text += scriptText(script, style);
  if (provider) text += "\n";
  return text + fmt::format("{}: {}\n", printable(file), summary(*this, style));
}

std::string ModuleReport::json() const {
  std::string text;
  JsonWriter writer(text, true);
  writer.beginObject();
  writer.member("file", printable(file));
  writer.member("valid", errors.empty());
  writeFindings(writer, "errors", errors);
  writeFindings(writer, "warnings", warnings);
  writer.member("contract", versionText(*this));
  writer.member("programContract", hostVersion());
  writer.member("glibc", glibcVersion(*this));
  writer.strings("libraries", libraries);
  writer.strings("exports", exports);
  writer.member("addressSanitizer", sanitized);
  if (provider) {
    writer.key("provider");
    writeProvider(writer, *provider);
  }
  writer.key("scripts");
  writer.beginArray();
  for (const ScriptResult& script : scripts) writeScript(writer, script);
  writer.endArray();
  writer.endObject();
  return text + "\n";
}

}  // namespace rcb
