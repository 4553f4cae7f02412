#include "core/commands/kubelet_check.hpp"

#include "core/kubelet/entry_match.hpp"
#include "core/kubelet/provider_entries.hpp"
#include "core/kubelet/provider_file_edit.hpp"
#include "core/kubelet/provider_file_reader.hpp"
#include "core/kubelet/provider_rules.hpp"
#include "core/node/node_files.hpp"
#include "core/node/plugin_program.hpp"
#include "core/settings/key_marks.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

namespace rcb {
namespace {

class KubeletCheck {
 public:
  KubeletCheck(const KubeletCheckRequest& request, const CheckedRules* rules, ValidationReport& report)
      : request_(request), rules_(rules), report_(report), kubelet_(report.kubelet.emplace()) {}

  void run() {
    chooseVersion();
    if (!readFiles()) return;
    const std::vector<ProviderEntry> entries = takeEntries();
    for (Disagreement& one : findUnmatchable(entries)) add(std::move(one));
    checkPrograms(entries);
    compare(entries);
    for (KubeletFileReport& file : kubelet_.files) file.sort();
  }

 private:
  void chooseVersion();
  bool readFiles();
  bool readFile(const std::string& path, std::vector<ProviderFileText>& texts);
  void takeReading(LoadedProviderFile loaded);
  std::vector<ProviderEntry> takeEntries();
  void checkPrograms(const std::vector<ProviderEntry>& entries);
  bool isOurs(const ProviderEntry& entry) const;
  void compare(const std::vector<ProviderEntry>& entries);
  void checkArguments(const ProviderEntry& entry);

  KubeletFileReport& reportOf(const std::string& file);
  void add(Disagreement one);
  void addToFile(bool fatal, const ProviderEntry& entry, const std::string& field, std::string reason,
                 std::string advice) {
    add({fatal, entry.file, {{}, entry.path + field, std::move(reason), std::move(advice)}});
  }
  void refuse(const std::string& file, std::string reason) {
    reportOf(file).problems.push_back({{}, "", std::move(reason)});
  }
  void note(std::string text) { report_.notes.push_back(std::move(text)); }

  const KubeletCheckRequest& request_;
  const CheckedRules* const rules_;
  ValidationReport& report_;
  KubeletReport& kubelet_;
  KubeletVersion version_ = kNewestKubelet;
  std::string binFolder_;  // absolute; empty: none
  std::vector<LoadedProviderFile> files_;
  std::map<std::string, KeyMarks> marks_;  // by file; their texts are in files_, which is complete by then
};

void KubeletCheck::chooseVersion() {
  if (!request_.version) {
    note(fmt::format("{} is checked as Kubernetes {} reads it, the newest version known; --kubernetes names another",
                     printable(request_.path), kNewestKubelet.text()));
  } else if (*request_.version > kNewestKubelet) {
    note(fmt::format("Kubernetes {} is newer than this program, which takes it for {}", request_.version->text(),
                     kNewestKubelet.text()));
  } else {
    version_ = *request_.version;
  }
  kubelet_.version = version_.text();
}

KubeletFileReport& KubeletCheck::reportOf(const std::string& file) {
  const auto known = std::find_if(kubelet_.files.begin(), kubelet_.files.end(),
                                  [&](const KubeletFileReport& one) { return one.file == file; });
  return known != kubelet_.files.end() ? *known : kubelet_.files.emplace_back(KubeletFileReport{.file = file});
}

bool KubeletCheck::readFile(const std::string& path, std::vector<ProviderFileText>& texts) {
  int reason = 0;
  auto text = readNodeFile(path, &reason);
  if (text) {
    texts.push_back({path, std::move(*text)});
  } else {
    refuse(path, fmt::format("cannot be read: {}", std::strerror(reason)));
  }
  return text.has_value();
}

// Whether there are entries of a file that the kubelet accepts.
bool KubeletCheck::readFiles() {
  struct stat info {};
  const bool isFolder = ::stat(request_.path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
  std::vector<ProviderFileText> texts;
  bool readable = true;
  if (!isFolder) {
    readable = readFile(request_.path, texts);
    if (readable) takeReading(readProviderFile(texts.front().text, request_.path, version_));
  } else {
    for (const std::string& name : namesIn(request_.path)) {
      const std::string path = request_.path + (request_.path.ends_with('/') ? "" : "/") + name;
      const bool isInnerFolder = ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
      if (isInProviderFolder(name) && !isInnerFolder) readable = readFile(path, texts) && readable;
    }
    LoadedProviderFolder folder = readProviderFolder(texts, version_);
    for (LoadedProviderFile& file : folder.files) takeReading(std::move(file));
    // A folder whose files cannot be read is not an empty one.
    if (readable || !version_.readsFolders()) {
      for (Problem& problem : folder.problems) reportOf(request_.path).problems.push_back(std::move(problem));
    }
  }
  return readable;
}

void KubeletCheck::takeReading(LoadedProviderFile loaded) {
  KubeletFileReport& file = reportOf(loaded.file);
  file.entries = loaded.entries.size();
  file.problems = std::move(loaded.problems);
  file.warnings = std::move(loaded.warnings);
  files_.push_back(std::move(loaded));
}

std::vector<ProviderEntry> KubeletCheck::takeEntries() {
  std::vector<ProviderEntry> entries;
  for (LoadedProviderFile& file : files_) {
    entries.insert(entries.end(), std::make_move_iterator(file.entries.begin()),
                   std::make_move_iterator(file.entries.end()));
  }
  return entries;
}

void KubeletCheck::add(Disagreement one) {
  Problem& problem = one.problem;
  if (one.file.empty()) {
    problem.mark = rules_->markOf(problem.path);
    return report_.addWarning(std::move(problem));
  }
  const auto file = std::find_if(files_.begin(), files_.end(),
                                 [&](const LoadedProviderFile& known) { return known.file == one.file; });
  if (file != files_.end()) problem.mark = marks_.try_emplace(file->file, file->text).first->second.of(problem.path);
  KubeletFileReport& report = reportOf(one.file);
  ValidationReport::add(one.fatal ? report.problems : report.warnings, std::move(problem));
}

void KubeletCheck::checkPrograms(const std::vector<ProviderEntry>& entries) {
  if (request_.binFolder.empty()) return;
  char resolved[PATH_MAX];
  struct stat info {};
  const bool found = ::realpath(request_.binFolder.c_str(), resolved) != nullptr && ::stat(resolved, &info) == 0;
  if (!found || !S_ISDIR(info.st_mode)) {
    const std::string why = found ? "it is not a folder" : std::strerror(errno);
    return refuse(request_.path, fmt::format("the folder of its programs, {}, cannot be read: {}",
                                             printable(request_.binFolder), why));
  }
  binFolder_ = resolved;
  for (const ProviderEntry& entry : entries) {
    const bool isFileName = !entry.name.empty() && entry.name.find('/') == std::string::npos;
    auto fault = isFileName ? findProgramFault(binFolder_, entry.name) : std::nullopt;
    if (fault) addToFile(fault->fatal, entry, ".name", std::move(fault->reason), std::move(fault->advice));
  }
}

bool KubeletCheck::isOurs(const ProviderEntry& entry) const {
  if (isOwnEntry(entry.name)) return true;
  if (binFolder_.empty()) return false;
  const std::string program = binFolder_ + "/" + entry.name;
  return isSameFile(program, binFolder_ + "/" + std::string(kEntryName)) || isSameFile(program, "/proc/self/exe");
}

void KubeletCheck::compare(const std::vector<ProviderEntry>& entries) {
  std::vector<ProviderEntry> ours;
  std::copy_if(entries.begin(), entries.end(), std::back_inserter(ours),
               [this](const ProviderEntry& entry) { return isOurs(entry); });
  if (ours.empty()) {
    ValidationReport::add(
        reportOf(request_.path).warnings,
        {{},
         "providers",
         fmt::format("no entry runs this program: no name begins with {}{}", kEntryName,
                     binFolder_.empty() ? "" : fmt::format(", and none in {} is a link to it", printable(binFolder_))),
         binFolder_.empty() ? "name the folder of the programs with --bin-dir if other names are links to it"
                            : "add one; `render kubelet` prints it"});
    return;
  }
  if (rules_ == nullptr) return;
  std::vector<const ProviderDescription*> descriptions;
  for (const Rule& rule : rules_->config.rules) {
    descriptions.push_back(nullptr);
    if (!request_.openFiles && !rules_->providers.isBuiltin(rule.module)) continue;
    try {
      descriptions.back() = &rules_->providers.open(rule.module).description();
    } catch (const Error&) {
      // A problem of the broker file, which is reported with it.
    }
  }
  for (Disagreement& one : compareWithRules(ours, rules_->config, descriptions, version_)) add(std::move(one));
  if (!request_.openFiles) return;
  for (const ProviderEntry& entry : ours) checkArguments(entry);
}

// Whether the kubelet's runs read the file that is being checked.
void KubeletCheck::checkArguments(const ProviderEntry& entry) {
  const std::string& checked = rules_->config.file;
  const std::string named = configArgument(entry);
  if (named.empty() || named == checked || isSameFile(named, checked)) return;
  addToFile(false, entry, ".args",
            fmt::format("the program reads {}, and {} was checked", printable(named), printable(checked)),
            fmt::format("check that file: `validate --config {}`", printable(named)));
}

}  // namespace

void checkKubeletFiles(const KubeletCheckRequest& request, const CheckedRules* rules, ValidationReport& report) {
  KubeletCheck(request, rules, report).run();
}

}  // namespace rcb
