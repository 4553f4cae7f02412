#include "core/commands/install_report.hpp"

#include "core/report/text_diff.hpp"
#include "core/report/text_table.hpp"
#include "core/support/json_writer.hpp"

#include <fmt/format.h>

namespace rcb {
namespace {

std::string_view actionOf(const NodeChange& change) {
  if (!change.wanted.exists()) return "remove";
  if (change.wanted.kind == NodeEntry::Kind::kLink) return "link";
  return change.present.exists() ? "replace" : "write";
}

// Of the program and its names there is nothing to read.
std::string diffOf(const NodeChange& change) {
  const bool text = change.role >= FileRole::kBrokerFile;
  return text ? unifiedDiff(change.present.content, change.wanted.content, change.path) : std::string();
}

std::string summaryOf(const InstallReport& report, const Style& style) {
  if (!report.problem.empty()) return style.paint(Tone::kBad, "not healthy") + ": " + report.problem;
  if (report.restarted) return style.paint(Tone::kGood, "done") + ": the kubelet was restarted and is healthy";
  if (report.changes.empty() && !report.restartNeeded) return style.paint(Tone::kGood, "nothing to change");
  if (report.changesNothing) {
    return report.restartNeeded ? "nothing was changed; the kubelet would be restarted" : "nothing was changed";
  }
  return style.paint(Tone::kGood, "done") +
         (report.restartNeeded ? ": the kubelet reads the files when it is restarted" : "");
}

}  // namespace

std::string InstallReport::text(const Style& style) const {
  std::string text;
  for (const std::string& fact : {distribution, version.empty() ? "" : "Kubernetes " + version, unit}) {
    if (!fact.empty()) text += (text.empty() ? "" : ", ") + fact;
  }
  if (!text.empty()) text += "\n";
  std::vector<std::vector<std::string>> rows;
  for (const NodeChange& change : changes) rows.push_back({std::string(actionOf(change)), change.path});
  text += textTable(rows);
  if (changesNothing) {
    for (const NodeChange& change : changes) text += diffOf(change);
  }
  for (const std::string& note : notes) text += "note: " + note + "\n";
  return text + summaryOf(*this, style) + "\n";
}

std::string InstallReport::json() const {
  std::string text;
  JsonWriter writer(text, true);
  writer.beginObject();
  writer.member("distribution", distribution);
  writer.member("kubernetes", version);
  writer.member("unit", unit);
  writer.key("changes");
  writer.beginArray();
  for (const NodeChange& change : changes) {
    writer.beginObject();
    writer.member("action", actionOf(change));
    writer.member("path", change.path);
    writer.member("role", roleName(change.role));
    if (changesNothing) writer.member("diff", diffOf(change));
    writer.endObject();
  }
  writer.endArray();
  writer.member("changed", !changesNothing && !changes.empty());
  writer.member("restartNeeded", restartNeeded);
  writer.member("restarted", restarted);
  writer.strings("notes", notes);
  writer.member("problem", problem);
  writer.endObject();
  return text + "\n";
}

}  // namespace rcb
