#include "tests/core/kubelet/kubelet_verdicts.hpp"

#include "core/support/ascii.hpp"
#include "core/support/parts.hpp"
#include "tests/support/file_content.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace rcb::test {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(RCB_SOURCE_DIR) / "tests/conformance/kubelet_files";

std::vector<fs::path> sortedIn(const fs::path& folder) {
  std::vector<fs::path> paths(fs::directory_iterator(folder), fs::directory_iterator{});
  std::sort(paths.begin(), paths.end());
  return paths;
}

int minorOf(std::string_view text) {
  const auto version = parseKubeletVersion(text);
  if (!version) throw std::runtime_error("not a version: " + std::string(text));
  return version->minor;
}

// The verdicts of files that cannot have comments.
std::map<std::string, std::string> tableIn(const fs::path& folder) {
  std::map<std::string, std::string> table;
  std::ifstream file(folder / "verdicts.txt");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    table[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return table;
}

}  // namespace

std::map<KubeletVersion, bool> readVerdict(std::string_view text) {
  std::map<KubeletVersion, bool> accepted;
  eachPart(text, ',', [&](std::string_view part) {
    part = trimmed(part);
    const auto space = part.find(' ');
    const std::string_view range = part.substr(0, space);
    const std::string_view word = space < part.size() ? part.substr(space + 1) : "";
    if (word != "accept" && word != "refuse") throw std::runtime_error("no verdict: " + std::string(text));
    const auto dash = range.find('-');
    const int first = minorOf(range.substr(0, dash));
    int last = first;
    if (dash != std::string_view::npos) {
      last = dash + 1 < range.size() ? minorOf(range.substr(dash + 1)) : kNewestKubelet.minor;
    }
    if (first != (accepted.empty() ? kOldestKubelet.minor : accepted.rbegin()->first.minor + 1)) {
      throw std::runtime_error("versions without a verdict, or with two: " + std::string(text));
    }
    for (int minor = first; minor <= last; ++minor) accepted[KubeletVersion{minor}] = word == "accept";
    return true;
  });
  if (accepted.rbegin()->first != kNewestKubelet) throw std::runtime_error("incomplete: " + std::string(text));
  return accepted;
}

std::vector<JudgedFile> judgedFiles() {
  constexpr std::string_view kMark = "# kubelet: ";
  std::vector<JudgedFile> files;
  for (const char* const part : {"valid", "invalid"}) {
    const auto table = tableIn(kFolder / part);
    for (const fs::path& path : sortedIn(kFolder / part)) {
      const std::string name = path.filename();
      if (name == "verdicts.txt") continue;
      JudgedFile& file = files.emplace_back(JudgedFile{part + ("/" + name), contentOf(path), {}});
      if (const auto row = table.find(name); row != table.end()) {
        file.accepted = readVerdict(row->second);
        continue;
      }
      const std::string_view line = std::string_view(file.text).substr(0, file.text.find('\n'));
      if (!line.starts_with(kMark)) throw std::runtime_error("no verdict in " + name);
      file.accepted = readVerdict(line.substr(kMark.size()));
    }
  }
  return files;
}

std::vector<JudgedFolder> judgedFolders() {
  std::vector<JudgedFolder> folders;
  for (const fs::path& path : sortedIn(kFolder / "folders")) {
    if (!fs::is_directory(path)) continue;
    JudgedFolder& folder = folders.emplace_back(JudgedFolder{path.filename(), {}, {}});
    for (const fs::path& file : sortedIn(path)) folder.files.emplace_back(file.filename(), contentOf(file));
    folder.accepted = readVerdict(trimmed(contentOf(path.string() + ".verdict")));
  }
  return folders;
}

}  // namespace rcb::test
