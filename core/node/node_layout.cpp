#include "core/node/node_layout.hpp"

#include "core/node/argument_file.hpp"
#include "core/node/environment_file.hpp"
#include "core/node/kubelet_flag.hpp"
#include "core/node/kubelet_service.hpp"
#include "core/node/node_files.hpp"
#include "core/node/systemd_unit.hpp"
#include "core/settings/yaml_document.hpp"
#include "core/support/ascii.hpp"
#include "core/support/deadline.hpp"
#include "core/support/error.hpp"
#include "core/support/parts.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>

namespace rcb {
namespace {

constexpr std::string_view kVariable = "KUBELET_EXTRA_ARGS";
constexpr std::chrono::seconds kSettling{2};
constexpr std::chrono::milliseconds kLookAgain{100};
constexpr char kPathAdvice[] = "pass --kubelet-config and --bin-dir";

// Where the files go if a node has neither flag yet.
constexpr char kProviderPath[] = "/etc/kubernetes/credential-provider-config.yaml";
constexpr const char* kProgramFolders[] = {"/usr/local/lib/kubelet-plugins", "/opt/kubelet-plugins"};
// What k3s and rke2 look for without a flag.
constexpr char kRancherProviderPath[] = "/var/lib/rancher/credentialprovider/config.yaml";
constexpr char kRancherProgramFolder[] = "/var/lib/rancher/credentialprovider/bin";
// Of MicroK8s, whose other folders are read-only or replaced with each version.
constexpr char kSnapProviderPath[] = "/var/snap/microk8s/common/credential-provider-config.yaml";
constexpr char kSnapProgramFolder[] = "/var/snap/microk8s/common/kubelet-plugins";
constexpr char kSnapArguments[] = "/var/snap/microk8s/current/args/kubelet";

// What os-release calls them: no command can install a plugin there.
struct LockedSystem {
  std::string_view id;
  std::string_view why;
  std::string_view advice;
};
constexpr LockedSystem kLockedSystems[] = {
    {"talos", "Talos has no writable place for a program",
     "put the program into a system extension and name it in KubeCredentialProviderConfig; see docs/install.md"},
    {"bottlerocket", "Bottlerocket runs the credential provider plugins of its image only",
     "use another node image; see docs/install.md"},
};

// Nodes that have both flags from their vendor, by the beginning of the provider file's path.
struct Vendor {
  std::string_view prefix;
  std::string_view name;
  std::string_view note;  // empty: there is nothing to know
};
constexpr Vendor kVendors[] = {
    {"/etc/eks/", "EKS",
     "EKS writes its provider file again at each boot: install from user data, or keep `install --stay` running"},
    {"/var/lib/kubelet/credential-provider-config.yaml", "AKS",
     "a new node image replaces this node: install again on each new node"},
    {"/etc/srv/kubernetes/", "GKE", "/etc of this node is made again at each boot: keep `install --stay` running"},
    {"/etc/kubernetes/credential-providers/", "OpenShift",
     "the machine config operator may take this for drift: prefer a MachineConfig"},
};

bool isThere(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0;
}

bool isNamed(const LayoutRequest& request) { return !request.providerPath.empty() && !request.programFolder.empty(); }

Error unsupported(std::string message) { return Error(ErrorCode::kNodeUnsupported, std::move(message)); }

// The value of NAME= in a file of lines, such as os-release, without quotes.
std::string valueIn(const std::string& text, std::string_view name) {
  std::string value;
  eachPart(text, '\n', [&](std::string_view line) {
    if (!line.starts_with(name)) return true;
    line = trimmed(line.substr(name.size()));
    if (line.size() > 1 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
    value = line;
    return false;
  });
  return value;
}

void refuseLockedSystem(const std::string& root) {
  std::string release = root + "/etc/os-release";
  if (!isThere(release)) release = root + "/usr/lib/os-release";
  const std::string id = valueIn(readNodeFile(release).value_or(""), "ID=");
  for (const LockedSystem& system : kLockedSystems) {
    if (system.id == id) throw unsupported(std::string(system.why)).advise(std::string(system.advice));
  }
}

// --- k3s and rke2 ---

struct Paths {
  std::string provider;
  std::string programs;
};

void takeArgument(std::string_view argument, Paths& paths) {
  while (argument.starts_with('-')) argument.remove_prefix(1);
  const auto equals = argument.find('=');
  if (equals == std::string_view::npos) return;
  if (argument.substr(0, equals) == kProviderConfigFlag) paths.provider = argument.substr(equals + 1);
  if (argument.substr(0, equals) == kProviderFolderFlag) paths.programs = argument.substr(equals + 1);
}

// Both settings are keys of their own, or arguments in the list `kubelet-arg`.
void takeRancherFile(const std::string& file, Paths& paths) {
  const auto text = readNodeFile(file);
  if (!text) return;
  ProblemList problems;
  const auto document = readYaml(*text, problems, YamlStrings::kSeveralLines);
  if (!document) {
    throw unsupported(file + " cannot be read as YAML, so where it puts the kubelet's files is not known")
        .advise(kPathAdvice);
  }
  for (const YamlNode& member : document->root.children) {
    if (member.key == kProviderConfigFlag && member.isScalar()) paths.provider = member.text;
    if (member.key == kProviderFolderFlag && member.isScalar()) paths.programs = member.text;
    if (member.key != "kubelet-arg" && member.key != "kubelet-arg+") continue;
    if (member.isScalar()) takeArgument(member.text, paths);
    for (const YamlNode& argument : member.children) takeArgument(argument.text, paths);
  }
}

Paths rancherPaths(const std::string& root, const std::string& name) {
  const std::string file = root + "/etc/rancher/" + name + "/config.yaml";
  Paths paths;
  takeRancherFile(file, paths);
  for (const std::string& part : namesIn(file + ".d")) {
    if (part.ends_with(".yaml")) takeRancherFile(file + ".d/" + part, paths);
  }
  if (paths.provider.empty()) paths.provider = kRancherProviderPath;
  if (paths.programs.empty()) paths.programs = kRancherProgramFolder;
  return paths;
}

void layOutRancher(NodeLayout& layout, const std::string& root, const std::string& name) {
  layout.distribution = name;
  Paths paths = rancherPaths(root, name);
  layout.providerPath = std::move(paths.provider);
  layout.programFolder = std::move(paths.programs);
}

// --- MicroK8s ---

void layOutSnap(NodeLayout& layout, const std::string& root) {
  layout.distribution = "MicroK8s";
  const std::string named = layout.kubelet ? layout.kubelet->flag("kubelet-args-file") : std::string();
  layout.flagFile = named.empty() ? kSnapArguments : named;
  const std::vector<std::string> arguments = readArguments(readNodeFile(root + layout.flagFile).value_or(""));
  layout.providerPath = flagValue(arguments, kProviderConfigFlag);
  layout.programFolder = flagValue(arguments, kProviderFolderFlag);
  if (!layout.providerPath.empty() && !layout.programFolder.empty()) layout.flagFile.clear();
}

// --- A kubelet with a process of its own ---

// kubeadm writes its own file again, and what is below /run does not outlive a boot.
bool isOperatorFile(const std::string& file) {
  return !file.ends_with("/kubeadm-flags.env") && !file.starts_with("/run/") && file.find('%') == std::string::npos &&
         file.find('*') == std::string::npos;
}

// The last operator's file that assigns the variable, since the last assignment counts; else the last one, which may not exist yet.
std::string flagFileOf(const std::string& root, const SystemdUnit& unit) {
  std::string last;
  std::string assigning;
  for (const std::string& file : unit.environmentFiles) {
    if (!isOperatorFile(file)) continue;
    last = file;
    const auto text = readNodeFile(root + file);
    if (text && environmentArguments(*text, kVariable)) assigning = file;
  }
  return assigning.empty() ? last : assigning;
}

std::string programFolder(const std::string& root) {
  for (const char* folder : kProgramFolders) {
    std::string there = root + folder;
    while (!isThere(there) && there.size() > root.size()) there.resize(there.rfind('/'));
    struct statvfs system {};
    if (there.empty()) there = "/";
    if (::statvfs(there.c_str(), &system) == 0 && (system.f_flag & (ST_RDONLY | ST_NOEXEC)) == 0) return folder;
  }
  return kProgramFolders[0];
}

std::string distributionOf(const NodeLayout& layout, const std::string& root) {
  if (isThere(root + "/etc/systemd/system/kubelet.service.d/11-kind.conf")) return "kind";
  if (layout.kubelet && layout.kubelet->program.starts_with("/var/lib/minikube/")) return "minikube";
  return "kubeadm";
}

void findFlagFile(NodeLayout& layout, const LayoutRequest& request) {
  const std::string name = layout.unit.empty() ? "kubelet.service" : layout.unit;
  const SystemdUnit unit = readSystemdUnit(request.root, name);
  if (unit.uses(kVariable)) layout.flagFile = flagFileOf(request.root, unit);
  layout.flagVariable = kVariable;
  if (!layout.flagFile.empty()) return;
  if (!layout.kubelet && !isNamed(request)) {
    throw unsupported("no kubelet runs on this machine, and " + name + " does not say where its files are")
        .advise(kPathAdvice);
  }
  const std::string flags = "--" + std::string(kProviderConfigFlag) + "=" + layout.providerPath + " and --" +
                            std::string(kProviderFolderFlag) + "=" + layout.programFolder;
  if (!request.filesOnly) {
    throw unsupported((unit.exists ? name + " has no file with " + std::string(kVariable) : "there is no " + name) +
                      ", so there is no place for the kubelet's flags")
        .advise("run the command with --files-only, then start the kubelet with " + flags);
  }
  layout.notes.push_back("the kubelet must be started with " + flags);
}

bool isRke2(const RunningKubelet& kubelet, const std::string& unit) {
  return unit.starts_with("rke2-") || kubelet.program.find("/rke2/") != std::string::npos;
}

void layOutKubelet(NodeLayout& layout, const LayoutRequest& request) {
  if (layout.kubelet && isRke2(*layout.kubelet, layout.unit)) {
    layOutRancher(layout, request.root, "rke2");
  } else {
    layout.distribution = distributionOf(layout, request.root);
  }
  const std::string provider = layout.kubelet ? layout.kubelet->flag(kProviderConfigFlag) : std::string();
  const std::string programs = layout.kubelet ? layout.kubelet->flag(kProviderFolderFlag) : std::string();
  if (!provider.empty()) layout.providerPath = provider;
  if (!programs.empty()) layout.programFolder = programs;
}

void nameVendor(NodeLayout& layout) {
  for (const Vendor& vendor : kVendors) {
    if (!layout.providerPath.starts_with(vendor.prefix)) continue;
    layout.distribution = vendor.name;
    layout.notes.emplace_back(vendor.note);
  }
}

void override(NodeLayout& layout, const LayoutRequest& request) {
  const auto take = [&](std::string& value, const std::string& wanted, const char* option) {
    if (wanted.empty() || wanted == value) return;
    if (!value.empty() && !request.filesOnly) {
      throw unsupported("the kubelet uses " + value + ", so " + wanted + " would have no effect")
          .advise(std::string("leave out ") + option + ", or change the kubelet's own setting first");
    }
    value = wanted;
  };
  take(layout.providerPath, request.providerPath, "--kubelet-config");
  take(layout.programFolder, request.programFolder, "--bin-dir");
}

void setDefaults(NodeLayout& layout, const char* provider, const std::string& programs) {
  if (layout.providerPath.empty()) layout.providerPath = provider;
  if (layout.programFolder.empty()) layout.programFolder = programs;
}

void refuseMicroshift(const LayoutRequest& request) {
  if (isNamed(request) && request.filesOnly) return;
  throw unsupported("MicroShift gives its kubelet both paths from its own file")
      .advise(
          "run the command with --files-only, --kubelet-config and --bin-dir, then set "
          "kubelet.imageCredentialProviderConfigPath and kubelet.imageCredentialProviderBinDir in "
          "/etc/microshift/config.yaml and restart microshift");
}

}  // namespace

std::optional<RunningKubelet> findOnlyKubelet(const std::string& root, bool mayBeMissing) {
  std::vector<RunningKubelet> kubelets = findKubelets(root);
  // While it starts, or starts another program, a kubelet may be seen twice or not at all.
  for (const Deadline moment = Deadline::after(kSettling);
       kubelets.size() != 1 && !(kubelets.empty() && mayBeMissing) && !moment.passed(); kubelets = findKubelets(root)) {
    std::this_thread::sleep_for(kLookAgain);
  }
  if (kubelets.size() == 1) return std::move(kubelets.front());
  if (kubelets.size() > 1) {
    throw unsupported(std::to_string(kubelets.size()) + " kubelets run on this machine")
        .advise("run the command where only one of them is visible");
  }
  if (mayBeMissing) return std::nullopt;
  throw unsupported("no kubelet runs on this machine")
      .advise("start it, or pass --files-only; a container needs the node's process IDs (hostPID)");
}

bool looksForFiles(const RunningKubelet& kubelet, const std::string& unit) {
  return kubelet.host == KubeletHost::kK3s || isRke2(kubelet, unit);
}

NodeLayout findLayout(const LayoutRequest& request) {
  refuseLockedSystem(request.root);
  NodeLayout layout;
  layout.kubelet = findOnlyKubelet(request.root, request.filesOnly);
  if (layout.kubelet) layout.unit = unitOf(*layout.kubelet, request.root);
  switch (layout.kubelet ? layout.kubelet->host : KubeletHost::kKubelet) {
    case KubeletHost::kK3s:
      layOutRancher(layout, request.root, "k3s");
      override(layout, request);
      return layout;
    case KubeletHost::kKubelite:
      layOutSnap(layout, request.root);
      override(layout, request);
      setDefaults(layout, kSnapProviderPath, kSnapProgramFolder);
      return layout;
    case KubeletHost::kMicroshift:
      layout.distribution = "MicroShift";
      refuseMicroshift(request);
      override(layout, request);
      return layout;
    case KubeletHost::kKubelet:
      layOutKubelet(layout, request);
      break;
  }
  const bool hasFlags = !layout.providerPath.empty() && !layout.programFolder.empty();
  override(layout, request);
  nameVendor(layout);
  setDefaults(layout, kProviderPath, programFolder(request.root));
  if (!hasFlags) findFlagFile(layout, request);
  return layout;
}

}  // namespace rcb
