#include "core/doctor/provider_file_checks.hpp"

#include "core/doctor/own_program.hpp"
#include "core/kubelet/provider_file_reader.hpp"
#include "core/node/node_files.hpp"
#include "core/node/plugin_program.hpp"
#include "core/support/program_version.hpp"
#include "core/support/trusted_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace rcb {
namespace {

constexpr std::string_view kRole = "provider file";
constexpr std::size_t kProviderFileLimit = std::size_t{4} << 20;
constexpr std::size_t kNamesShown = 8;

std::string listed(std::vector<std::string> names) {
  if (names.size() > kNamesShown) {
    const std::size_t more = names.size() - kNamesShown;
    names.resize(kNamesShown);
    names.push_back(fmt::format("{} more", more));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

// Renaming a file into its place changes this time, whatever the file's own time of change says.
void noteChange(NodeFacts& node, const struct stat& info) {
  const auto changed = std::max(info.st_ctim.tv_sec, info.st_mtim.tv_sec);
  node.providerChanged = std::max(node.providerChanged, UnixTime(std::chrono::seconds(changed)));
}

ProviderFileText take(Examination& examination, const OpenedFile& file, std::string name) {
  noteChange(examination.node, file.info());
  return {std::move(name), std::string(file.read(kProviderFileLimit).reveal())};
}

// The files of a folder that the kubelet reads.
std::vector<ProviderFileText> readFolder(Examination& examination, const std::string& path) {
  const TrustedFolder folder(path, "folder of provider files");
  std::vector<ProviderFileText> files;
  for (const std::string& name : folder.names()) {
    if (!isInProviderFolder(name)) continue;
    const auto file = folder.find(name, kRole);
    if (file) files.push_back(take(examination, *file, examination.node.providerPath + "/" + name));
  }
  return files;
}

LoadedProviderFolder decide(const std::vector<ProviderFileText>& files, bool isFolder, KubeletVersion version) {
  if (isFolder) return readProviderFolder(files, version);
  LoadedProviderFolder loaded;
  loaded.files.push_back(readProviderFile(files.front().text, files.front().file, version));
  return loaded;
}

// All problems and warnings as lines.
struct Remarks {
  std::vector<std::string> problems = {};
  std::vector<std::string> warnings = {};
};

Remarks remarksOf(const LoadedProviderFolder& loaded, const std::string& path) {
  Remarks remarks;
  for (const Problem& problem : loaded.problems) remarks.problems.push_back(problem.line(path));
  for (const LoadedProviderFile& file : loaded.files) {
    for (const Problem& problem : file.problems) remarks.problems.push_back(problem.line(file.file));
    for (const Problem& warning : file.warnings) {
      // A check of its own tells whether the gate is on.
      if (warning.reason.find("feature gate") == std::string::npos) remarks.warnings.push_back(warning.line(file.file));
    }
  }
  return remarks;
}

std::string withMore(const std::vector<std::string>& lines) {
  return lines.size() > 1 ? fmt::format("{} (and {} more)", lines.front(), lines.size() - 1) : lines.front();
}

void judge(Examination& examination, const std::vector<ProviderFileText>& files, bool isFolder) {
  Diagnosis& diagnosis = examination.diagnosis;
  NodeFacts& node = examination.node;
  const KubeletVersion version = std::min(node.version.value_or(kNewestKubelet), kNewestKubelet);
  LoadedProviderFolder loaded = decide(files, isFolder, version);
  const Remarks remarks = remarksOf(loaded, node.providerPath);
  if (!remarks.problems.empty()) {
    return diagnosis.fail(
        "provider-rules",
        fmt::format("a kubelet of {} does not start with it: {}", version.text(), withMore(remarks.problems)),
        "correct the file before the kubelet is started again");
  }
  for (LoadedProviderFile& file : loaded.files) {
    std::move(file.entries.begin(), file.entries.end(), std::back_inserter(node.entries));
  }
  std::vector<std::string> names;
  for (const ProviderEntry& entry : node.entries) names.push_back(entry.name);
  if (!remarks.warnings.empty()) {
    return diagnosis.warn("provider-rules", withMore(remarks.warnings), "correct the file and restart the kubelet");
  }
  diagnosis.pass("provider-rules",
                 fmt::format("a kubelet of {} takes it; it names {}", version.text(), listed(std::move(names))));
}

void checkProviderFile(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  NodeFacts& node = examination.node;
  if (node.providerPath.empty()) {
    diagnosis.skip("provider-file", "the kubelet was told of none");
    return diagnosis.skip("provider-rules", "the kubelet was told of no provider file");
  }
  const std::string path = examination.root + node.providerPath;
  std::vector<ProviderFileText> files;
  struct stat info {};
  const bool isFolder = ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
  try {
    if (isFolder && node.version && !node.version->readsFolders()) {
      diagnosis.fail(
          "provider-file",
          fmt::format("{} is a folder, which a kubelet of {} does not read", node.providerPath, node.version->text()),
          "name a file in the kubelet's flag");
      return diagnosis.skip("provider-rules", "the provider file was not read");
    }
    if (isFolder) {
      noteChange(node, info);
      files = readFolder(examination, path);
    } else {
      const OpenedFile file = openTrustedFile(path, kRole);
      files.push_back(take(examination, file, node.providerPath));
      info = file.info();
    }
  } catch (const Error& error) {
    diagnosis.fail("provider-file", error);
    return diagnosis.skip("provider-rules", "the provider file was not read");
  }
  if (files.empty()) {
    diagnosis.fail("provider-file", fmt::format("{} has no *.json, *.yaml or *.yml", node.providerPath),
                   "put the provider file there");
    return diagnosis.skip("provider-rules", "there is no provider file");
  }
  diagnosis.pass("provider-file", fmt::format("{} is there, and only root can change it (mode {:04o})",
                                              node.providerPath, info.st_mode & 07777));
  judge(examination, files, isFolder);
}

// --- The plugins ---

// Why the kubelet cannot run the program of this name, or should not.
std::optional<ProgramFault> faultOf(const std::string& folder, const std::string& name) {
  if (auto fault = findProgramFault(folder, name)) return fault;
  const std::string path = folder + "/" + name;
  struct statvfs system {};
  if (::statvfs(path.c_str(), &system) != 0 || (system.f_flag & ST_NOEXEC) == 0) return std::nullopt;
  return ProgramFault{true, path + " is on a file system from which nothing is executed (noexec)",
                      "choose another folder for --image-credential-provider-bin-dir"};
}

void checkPlugins(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  NodeFacts& node = examination.node;
  if (node.entries.empty() || node.binDir.empty()) {
    return diagnosis.skip("plugins", "which plugins the kubelet runs, and where, is not known");
  }
  const std::string folder = examination.root + node.binDir;
  std::vector<std::string> good;
  bool found = false;
  for (std::size_t i = 0; i < node.entries.size(); ++i) {
    const std::string& name = node.entries[i].name;
    const std::string path = folder + "/" + name;
    if (isThisProgram(path, examination.program)) node.ours.push_back(i);
    if (const auto fault = faultOf(folder, name)) {
      found = true;
      const bool stops = fault->fatal;
      diagnosis.fail("plugins", stops ? fault->reason : fault->reason + "; it runs as root",
                     fault->advice.empty() ? "install the program again" : fault->advice);
      continue;
    }
    const auto link = readNodeLink(path);
    good.push_back(link ? fmt::format("{} (a link to {})", name, *link) : name);
  }
  if (node.ours.empty() && !found) {
    diagnosis.fail("plugins", fmt::format("no entry of {} runs this program", node.providerPath),
                   fmt::format("install it in {} under the name of an entry", node.binDir));
  }
  if (!good.empty())
    diagnosis.pass("plugins", fmt::format("{} can be run from {}", listed(std::move(good)), node.binDir));
}

// In a child process, since it runs other versions of this program.
void checkVersions(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  const NodeFacts& node = examination.node;
  if (node.ours.empty()) return diagnosis.skip("plugin-version", "no plugin is this program");
  std::vector<std::string> same;
  for (const std::size_t index : node.ours) {
    const std::string& name = node.entries.at(index).name;
    const std::string path = node.binDir + "/" + name;
    const std::string version = versionOfPlugin(examination.root + path, examination.program);
    if (version == kProgramVersion) {
      same.push_back(name);
      continue;
    }
    diagnosis.warn("plugin-version",
                   version.empty()
                       ? fmt::format("{} does not say its version; this program is {}", path, kProgramVersion)
                       : fmt::format("{} is version {}, this program is {}", path, version, kProgramVersion),
                   "install this version under that name, or run that one's doctor");
  }
  if (!same.empty())
    diagnosis.pass("plugin-version",
                   fmt::format("{}: version {}, as this program", listed(std::move(same)), kProgramVersion));
}

}  // namespace

std::vector<ExaminationStep> providerFileSteps() {
  return {
      {"provider-file", checkProviderFile}, {"plugins", checkPlugins}, {"plugin-version", checkVersions, kStepBudget}};
}

}  // namespace rcb
