#include "core/commands/install_plan.hpp"

#include "core/broker/load_broker.hpp"
#include "core/commands/rendered_entries.hpp"
#include "core/commands/validate.hpp"
#include "core/kubelet/provider_entries.hpp"
#include "core/kubelet/provider_file_edit.hpp"
#include "core/kubelet/provider_file_reader.hpp"
#include "core/kubelet/provider_file_writer.hpp"
#include "core/node/argument_file.hpp"
#include "core/node/environment_file.hpp"
#include "core/node/kubelet_flag.hpp"
#include "core/node/kubelet_service.hpp"
#include "core/node/node_files.hpp"
#include "core/support/printable.hpp"
#include "core/support/trusted_path.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace rcb {
namespace {

constexpr std::chrono::seconds kVersionLimit{10};
constexpr std::string_view kComment =
    "Written by `registry-credential-broker install`, which leaves other entries as they are.";
constexpr char kFolderFile[] = "registry-credential-broker.yaml";  // ours in a folder of provider files

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string folderOf(const std::string& path) { return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)); }

bool isFolder(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

// Where a file is written: behind the links of its last name. Other users must not be able to change the way to it.
std::string trustedTarget(const std::string& path, std::string_view what) {
  if (path.empty() || path.front() != '/') {
    throw Error(ErrorCode::kUsage, fmt::format("{} is not an absolute path", printable(path)));
  }
  if (const auto place = findTrustedPlace(path, what)) return readNodeLink(path) ? place->path : path;
  std::string parent = folderOf(path);
  while (!findTrustedPlace(parent, what)) parent = folderOf(parent);
  return path;
}

// --- The broker file ---

BrokerSource brokerSource(const Environment& none) { return {.configFile = {}, .environment = none, .dropIns = {}}; }

// The rules, if a pull would not fail because of them.
Broker checkedBroker(const InstallRequest& request, ProviderSet& providers) {
  const Environment none;
  const std::string name = request.brokerFile ? request.brokerName : std::string(kDefaultBrokerFile);
  // What the rules name may come to an image later.
  ValidationRequest check{.source = brokerSource(none), .openFiles = !request.layout.filesOnly, .now = request.now};
  if (request.brokerFile) {
    check.text = Secret(*request.brokerFile);
    check.textName = name;
  }
  const Validation validation = validateBroker(std::move(check), providers);
  if (!validation.valid) {
    const std::string first = validation.report.substr(0, validation.report.find('\n'));
    throw Error(ErrorCode::kConfigInvalid, first)
        .advise("run `" + commandFor("validate", name) + "` to see every problem; nothing was changed");
  }
  LoadedBroker loaded = request.brokerFile
                            ? readBroker(Secret(*request.brokerFile), name, brokerSource(none), providers)
                            : loadBroker(brokerSource(none), providers);
  return std::move(loaded.broker);
}

NodeChange planBrokerFile(const std::string& content) {
  NodeChange change{trustedTarget(std::string(kDefaultBrokerFile), "broker file"), FileRole::kBrokerFile, {}, {}, {}};
  change.present = change.base = readEntry(change.path);
  change.wanted = newFile(content, 0644);
  if (change.present.exists()) {
    change.wanted = change.present;
    change.wanted.content = content;
  }
  return change;
}

// --- The program and its names ---

void requireProgramFolder(const std::string& folder) {
  std::string there = folder;
  while (!isFolder(there)) there = folderOf(there);
  struct statvfs system {};
  if (::statvfs(there.c_str(), &system) != 0) return;
  const auto refuse = [&folder](std::string_view why) {
    throw Error(ErrorCode::kNodeUnsupported, fmt::format("the kubelet's plugin folder {} {}", folder, why))
        .advise("put the program into the node's image, or mount a folder over it; see docs/install.md");
  };
  if ((system.f_flag & ST_RDONLY) != 0) refuse("is on a read-only file system");
  if ((system.f_flag & ST_NOEXEC) != 0) refuse("is on a file system that runs no programs");
}

NodeChange planProgram(const std::string& path, const std::string& program) {
  NodeChange change{path, FileRole::kProgram, readEntry(path), {}, {}};
  change.base = change.present;
  // A link to this very program, as docs/install.md makes one, stays.
  const auto present = readNodeFile(path, nullptr, kNodeEntryLimit);
  const bool link = change.present.kind == NodeEntry::Kind::kLink;
  const bool same = present == program && (link || change.present.mode == 0755);
  change.wanted = same ? change.present : newFile(program, 0755);
  if (!same) requireProgramFolder(folderOf(path));
  return change;
}

NodeChange planName(const std::string& path, const std::string& program) {
  NodeChange change{path, FileRole::kName, readEntry(path), {}, {}};
  change.base = change.present;
  const bool same = ::access(path.c_str(), X_OK) == 0 && readNodeFile(path, nullptr, kNodeEntryLimit) == program;
  change.wanted =
      same && change.present.kind == NodeEntry::Kind::kFile ? change.present : newLink(std::string(kEntryName));
  return change;
}

// --- The provider file ---

void refuse(const std::vector<Problem>& problems, const std::string& file, KubeletVersion version) {
  if (problems.empty()) return;
  throw Error(ErrorCode::kConfigInvalid, problems.front().line(file))
      .with("kubernetes", version.text())
      .advise("the kubelet would not start with this provider file; nothing was changed");
}

// The entries of the file, or of its folder with this file in it, as the kubelet would read them.
std::vector<ProviderEntry> readPlanned(const NodeChange& change, bool inFolder, KubeletVersion version) {
  if (!inFolder) {
    LoadedProviderFile loaded = readProviderFile(change.wanted.content, change.path, version);
    refuse(loaded.problems, change.path, version);
    return std::move(loaded.entries);
  }
  const std::string folder = folderOf(change.path);
  std::vector<ProviderFileText> files{{change.path, change.wanted.content}};
  for (const std::string& name : namesIn(folder)) {
    const std::string path = folder + "/" + name;
    if (!isInProviderFolder(name) || path == change.path) continue;
    files.push_back({path, readNodeFile(path).value_or("")});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
  const LoadedProviderFolder loaded = readProviderFolder(files, version);
  refuse(loaded.problems, folder, version);
  std::vector<ProviderEntry> entries;
  for (const LoadedProviderFile& file : loaded.files) {
    refuse(file.problems, file.file, version);
    entries.insert(entries.end(), file.entries.begin(), file.entries.end());
  }
  return entries;
}

bool hasEntries(const std::string& text) {
  return !readProviderFile(text, {}, kNewestKubelet).entries.empty() ||
         !readProviderFile(text, {}, KubeletVersion{33}).entries.empty();
}

// The file as another program left it, without what is ours. One that would be left without an entry was made for ours, or keeps the kubelet from
// starting.
NodeEntry withoutEntries(const NodeEntry& present, const NodeEntry& original) {
  if (present.kind != NodeEntry::Kind::kFile) return present;
  NodeEntry left = present;
  left.content = removeEntries(present.content);
  return hasEntries(left.content) ? left : original;
}

std::vector<KubeletFlag> bothOf(const InstalledFlags& flags) {
  return {{std::string(kProviderConfigFlag), flags.providerPath},
          {std::string(kProviderFolderFlag), flags.programFolder}};
}

NodeEntry withoutFlags(const NodeEntry& present, const InstalledFlags& flags) {
  if (present.kind != NodeEntry::Kind::kFile) return present;
  const std::vector<KubeletFlag> ours = bothOf(flags);
  NodeEntry left = present;
  left.content = flags.variable.empty() ? removeArgumentFlags(present.content, ours)
                                        : removeEnvironmentFlags(present.content, flags.variable, ours);
  return left;
}

// What a file would be without us: of a file that we have not written yet, the file.
NodeEntry baseOf(const NodeChange& change, const InstallState& state, const StateStore& store) {
  const InstalledFile* file = state.find(change.path);
  if (file == nullptr) return change.present;
  if (change.role == FileRole::kFlags) return withoutFlags(change.present, state.flags);
  return withoutEntries(change.present, store.load(file->original));
}

NodeChange planProviderFile(const std::string& path, const std::vector<ProviderEntry>& entries) {
  NodeChange change{path, FileRole::kProviderFile, readEntry(path), {}, {}};
  if (change.present.exists()) {
    change.wanted = change.present;
    change.wanted.content = mergeEntries(change.present.content, entries);
  } else {
    change.wanted = newFile(path.ends_with(".json") ? writeProviderFileAsJson(entries)
                                                    : writeProviderFile(entries, {std::string(kComment)}),
                            0644);
  }
  return change;
}

// --- Flags ---

NodeChange planFlags(const std::string& file, const InstalledFlags& flags, bool managed) {
  NodeChange change{trustedTarget(file, "file of the kubelet's flags"), FileRole::kFlags, {}, {}, {}};
  change.present = readEntry(change.path);
  change.wanted = change.present.exists() ? change.present : newFile("", 0644);
  const std::vector<KubeletFlag> both = bothOf(flags);
  const OtherValue other = managed ? OtherValue::kReplace : OtherValue::kRefuse;
  change.wanted.content = flags.variable.empty()
                              ? setArgumentFlags(change.present.content, both, other)
                              : setEnvironmentFlags(change.present.content, flags.variable, both, other);
  return change;
}

// The flags that the kubelet already runs with may be those of this program's last run.
void findManagedFlags(NodeLayout& layout, const InstallState& state) {
  for (const InstalledFile& file : state.files) {
    if (file.role != FileRole::kFlags || !layout.flagFile.empty()) continue;
    layout.flagFile = file.path;
    layout.flagVariable = state.flags.variable;
  }
}

KubeletVersion versionOf(const InstallRequest& request, const NodeLayout& layout) {
  if (request.version) return *request.version;
  std::optional<KubeletVersion> version;
  if (layout.kubelet) version = askVersion(*layout.kubelet, request.layout.root, Deadline::after(kVersionLimit));
  if (version) return *version;
  throw Error(ErrorCode::kNodeUnsupported, "the version of this node's kubelet is not known")
      .advise("pass it with --kubernetes, such as --kubernetes 1.34");
}

void addFolders(std::vector<std::string>& folders, const std::string& path) {
  for (std::string& folder : missingFolders(path)) {
    if (!contains(folders, folder)) folders.push_back(std::move(folder));
  }
}

// Every name that the kubelet looks up when it starts.
void requirePrograms(const std::vector<ProviderEntry>& entries, const std::string& folder,
                     const std::vector<NodeChange>& changes) {
  for (const ProviderEntry& entry : entries) {
    const std::string path = folder + "/" + entry.name;
    const bool ours =
        std::any_of(changes.begin(), changes.end(), [&path](const NodeChange& change) { return change.path == path; });
    if (ours || ::access(path.c_str(), X_OK) == 0) continue;
    throw Error(ErrorCode::kConfigInvalid, fmt::format("the provider file names {}, and there is no program {}",
                                                       printable(entry.name), printable(path)))
        .advise("put the program there, or remove the entry: the kubelet would not start; nothing was changed");
  }
}

}  // namespace

InstallPlan planInstall(const InstallRequest& request, const InstallState& state, const StateStore& store,
                        ProviderSet& providers) {
  InstallPlan plan;
  plan.layout = findLayout(request.layout);
  findManagedFlags(plan.layout, state);
  plan.version = versionOf(request, plan.layout);
  const NodeLayout& layout = plan.layout;
  plan.notes = layout.notes;
  const Broker broker = checkedBroker(request, providers);
  const RenderedEntries rendered = renderEntries(broker, providers, {.version = plan.version});
  plan.notes.insert(plan.notes.end(), rendered.notes.begin(), rendered.notes.end());

  const std::string programFolder = trustedTarget(layout.programFolder, "plugin folder");
  plan.changes.push_back(planProgram(programFolder + "/" + std::string(kEntryName), request.program));
  for (const ProviderEntry& entry : rendered.entries) {
    if (entry.name != kEntryName) plan.changes.push_back(planName(programFolder + "/" + entry.name, request.program));
  }
  if (request.brokerFile) plan.changes.push_back(planBrokerFile(*request.brokerFile));

  std::string providerFile = trustedTarget(layout.providerPath, "provider file");
  const bool inFolder = isFolder(providerFile);
  if (inFolder && !plan.version.readsFolders()) {
    throw Error(ErrorCode::kNodeUnsupported,
                fmt::format("{} is a folder, which Kubernetes {} does not read", providerFile, plan.version.text()));
  }
  if (inFolder) providerFile += std::string("/") + kFolderFile;
  plan.changes.push_back(planProviderFile(providerFile, rendered.entries));
  const NodeChange provider = plan.changes.back();
  requirePrograms(readPlanned(provider, inFolder, std::min(plan.version, kNewestKubelet)), programFolder, plan.changes);
  plan.digest = provider.wanted.content;

  plan.flags = {layout.flagVariable, layout.providerPath, layout.programFolder};
  if (!layout.flagFile.empty()) {
    const bool managed = state.find(layout.flagFile) != nullptr;
    plan.changes.push_back(planFlags(layout.flagFile, plan.flags, managed));
    plan.digest += '\0' + plan.changes.back().wanted.content;
  }
  plan.digest = hexDigest(plan.digest);
  for (NodeChange& change : plan.changes) {
    if (change.role >= FileRole::kProviderFile) change.base = baseOf(change, state, store);
    if (change.changes()) addFolders(plan.folders, change.path);
  }
  for (const InstalledFile& file : state.files) {
    const bool planned = std::any_of(plan.changes.begin(), plan.changes.end(),
                                     [&file](const NodeChange& change) { return change.path == file.path; });
    if (planned || file.role != FileRole::kName) continue;
    auto removal = planRemoval(file, state.flags, store);
    if (removal) plan.removals.push_back(std::move(*removal));
  }
  return plan;
}

std::optional<NodeChange> planRemoval(const InstalledFile& file, const InstalledFlags& flags, const StateStore& store) {
  NodeChange change{file.path, file.role, readEntry(file.path), {}, {}};
  const NodeEntry original = store.load(file.original);
  const bool ours = contains(file.written, fingerprintOf(change.present));
  if (ours || change.present == original) {
    change.wanted = change.base = original;
    return change;
  }
  if (file.role == FileRole::kProviderFile) {
    change.wanted = change.base = withoutEntries(change.present, original);
    return change;
  }
  if (file.role == FileRole::kFlags) {
    change.wanted = change.base = withoutFlags(change.present, flags);
    return change;
  }
  return std::nullopt;
}

}  // namespace rcb
