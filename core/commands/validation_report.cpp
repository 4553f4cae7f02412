#include "core/commands/validation_report.hpp"

#include "core/support/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace rcb {
namespace {

void writeProblems(JsonWriter<std::string>& writer, std::string_view name, const std::vector<Problem>& problems) {
  writer.key(name);
  writer.beginArray();
  for (const Problem& problem : problems) {
    writer.beginObject();
    writer.member("line", static_cast<std::int64_t>(problem.mark.line));
    writer.member("column", static_cast<std::int64_t>(problem.mark.column));
    writer.member("path", problem.path);
    writer.member("reason", problem.reason);
    writer.member("advice", problem.advice);
    writer.endObject();
  }
  writer.endArray();
}

std::string line(const Problem& problem, const std::string& file) {
  return problem.line(file) + (problem.advice.empty() ? "" : "; " + problem.advice) + "\n";
}

std::string counted(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

void sortByPosition(std::vector<Problem>& list) {
  std::stable_sort(list.begin(), list.end(), [](const Problem& a, const Problem& b) { return a.mark < b.mark; });
}

std::string lines(const std::vector<Problem>& problems, const std::vector<Problem>& warnings, const std::string& file,
                  const Style& style) {
  std::string text;
  for (const Problem& problem : problems) text += line(problem, file);
  for (const Problem& warning : warnings) text += style.paint(Tone::kWarning, "warning:") + " " + line(warning, file);
  return text;
}

// "valid, 3 rules" or "2 problems", and the number of warnings.
std::string summary(const std::vector<Problem>& problems, const std::vector<Problem>& warnings,
                    const std::string& content, const Style& style) {
  std::string text = problems.empty() ? style.paint(Tone::kGood, "valid") + content
                                      : style.paint(Tone::kBad, counted(problems.size(), "problem"));
  if (!warnings.empty()) text += ", " + counted(warnings.size(), "warning");
  return text;
}

std::string textOf(const KubeletReport& kubelet, const Style& style) {
  std::string text;
  for (const KubeletFileReport& file : kubelet.files) {
    const std::size_t entries = file.entries;
    text +=
        lines(file.problems, file.warnings, file.file, style) + file.file + ": " +
        summary(file.problems, file.warnings,
                fmt::format(" for Kubernetes {}, {} {}", kubelet.version, entries, entries == 1 ? "entry" : "entries"),
                style) +
        "\n";
  }
  return text;
}

void writeKubelet(JsonWriter<std::string>& writer, const KubeletReport& kubelet) {
  writer.key("kubelet");
  writer.beginObject();
  writer.member("kubernetes", kubelet.version);
  writer.key("files");
  writer.beginArray();
  for (const KubeletFileReport& file : kubelet.files) {
    writer.beginObject();
    writer.member("file", file.file);
    writer.member("valid", file.problems.empty());
    writer.member("entries", static_cast<std::int64_t>(file.entries));
    writeProblems(writer, "problems", file.problems);
    writeProblems(writer, "warnings", file.warnings);
    writer.endObject();
  }
  writer.endArray();
  writer.endObject();
}

}  // namespace

void KubeletFileReport::sort() {
  sortByPosition(problems);
  sortByPosition(warnings);
}

void ValidationReport::add(std::vector<Problem>& list, Problem problem) {
  const bool known = std::any_of(list.begin(), list.end(), [&](const Problem& other) {
    return std::tie(other.path, other.reason) == std::tie(problem.path, problem.reason);
  });
  if (!known && list.size() < kLimit) list.push_back(std::move(problem));
}

bool ValidationReport::hasProblemWithin(std::string_view path) const {
  return std::any_of(problems.begin(), problems.end(), [path](const Problem& problem) {
    return problem.path.starts_with(path) &&
           (problem.path.size() == path.size() || problem.path[path.size()] == '.' || problem.path[path.size()] == '[');
  });
}

void ValidationReport::sort() {
  sortByPosition(problems);
  sortByPosition(warnings);
}

bool ValidationReport::valid() const {
  return problems.empty() &&
         (!kubelet || std::all_of(kubelet->files.begin(), kubelet->files.end(),
                                  [](const KubeletFileReport& file) { return file.problems.empty(); }));
}

std::string ValidationReport::text(const std::string& file, std::size_t rules, const Style& style) const {
  std::string text = lines(problems, warnings, file, style);
  for (const std::string& note : notes) text += "note: " + note + "\n";
  for (const Unchecked& one : unchecked) text += fmt::format("not checked: {}: {}\n", one.path, one.what);
  text += file + ": " + summary(problems, warnings, ", " + counted(rules, "rule"), style);
  if (!unchecked.empty()) text += fmt::format(", {} not checked", unchecked.size());
  text += "\n";
  if (kubelet) text += textOf(*kubelet, style);
  return text;
}

std::string ValidationReport::json(const std::string& file) const {
  std::string text;
  JsonWriter writer(text, true);
  writer.beginObject();
  writer.member("file", file);
  writer.member("valid", valid());
  writeProblems(writer, "problems", problems);
  writeProblems(writer, "warnings", warnings);
  writer.strings("notes", notes);
  writer.key("notChecked");
  writer.beginArray();
  for (const Unchecked& one : unchecked) {
    writer.beginObject();
    writer.member("path", one.path);
    writer.member("what", one.what);
    writer.endObject();
  }
  writer.endArray();
  if (kubelet) writeKubelet(writer, *kubelet);
  writer.endObject();
  return text + "\n";
}

}  // namespace rcb
