#include "core/app/command_table.hpp"

#include <algorithm>

namespace rcb {

const std::vector<OptionEntry>& optionTable() {
  using enum Option;
  static const std::vector<OptionEntry> table = {
      {kConfig, 'f', "config", "PATH", "The broker file [default: /etc/registry-credential-broker/config.yaml]"},
      {kOutput, 'o', "output", "FORMAT", "Format of the report and of an error: text or json [default: text]"},
      {kSkipFiles, 0, "skip-files", "", "Do not open the files that the broker file names"},
      {kKubernetes, 0, "kubernetes", "X.Y", "The kubelet's version, as `kubectl get nodes` shows it"},
      {kKubeletConfig, 0, "kubelet-config", "PATH", "The kubelet's provider file or folder"},
      {kBinDir, 0, "bin-dir", "PATH", "The kubelet's plugin folder"},
      {kImage, 0, "image", "IMAGE", "Also check what a pull of this image needs"},
      {kNamespace, 'n', "namespace", "NAME", "The pod's namespace [default: default]"},
      {kServiceAccount, 0, "service-account", "NAME", "The pod's service account [default: default]"},
      {kAnnotation, 0, "annotation", "KEY=VALUE", "Service account annotation; may be repeated"},
      {kTokenFile, 0, "token-file", "PATH", "Take the identity from this service account token"},
      {kRoot, 0, "root", "FOLDER", "Where the node's file system is mounted, such as /host [default: /]"},
      {kFilesOnly, 0, "files-only", "", "Write the files, and do not restart the kubelet"},
      {kDryRun, 0, "dry-run", "", "Show what would change, with the differences of text files"},
      {kCheck, 0, "check", "", "Show what is missing; exit status 0 if nothing is and the kubelet is healthy"},
      {kStay, 0, "stay", "", "Stay until SIGTERM; `install` looks again every minute"},
      {kPullSecrets, 0, "pull-secrets", "", "Report instead which pods no longer need their imagePullSecrets"},
      {kKubeconfig, 0, "kubeconfig", "FILE", "With --pull-secrets: log in with this file instead of the kubelet's"},
      {kScript, 0, "script", "FILE", "Run the module against this script; may be repeated"},
      {kHelp, 'h', "help", "", "Print help and exit"},
      {kVersion, 'v', "version", "", "Print the version and exit"},
  };
  return table;
}

const std::vector<CommandEntry>& commandTable() {
  using enum Option;
  using Kind = ErrorKind;
  static const std::vector<Kind> kAlways = {Kind::kUsage, Kind::kInternal, Kind::kOutput};
  static const std::vector<CommandEntry> table = {
      {.name = "",
       .command = Command::kAnswer,
       .summary = "Exchange a pod's service account token for a short-lived registry credential.",
       .detail = "Without a command the program is a kubelet credential provider plugin: it reads\n"
                 "one CredentialProviderRequest from stdin and writes one\n"
                 "CredentialProviderResponse to stdout.\n",
       .options = {kConfig, kHelp, kVersion},
       .examples = {{"Answer one request, as the kubelet does",
                     "registry-credential-broker --config ./broker.yaml < request.json"},
                    {"Check the broker file before a pod needs it", "registry-credential-broker validate"},
                    {"Say what a pod of namespace team-a would get",
                     "registry-credential-broker explain registry.example.com/app -n team-a"}},
       .failures = {Kind::kUsage, Kind::kBadRequest, Kind::kNoRule, Kind::kUnavailable, Kind::kInternal, Kind::kOutput,
                    Kind::kBadAnswer, Kind::kRefused, Kind::kConfig},
       .readsNetworkVariables = true},
      {.name = "validate",
       .command = Command::kValidate,
       .summary = "Check the broker file and what it names, offline.",
       .detail = "Reports every problem for which a run would fail, and warnings.\n"
                 "--config - reads the broker file from stdin.\n"
                 "With --kubelet-config it also says whether a kubelet starts with that file, and\n"
                 "whether its entries fit the rules; with --bin-dir, whether their programs do.\n",
       .options = {kConfig, kOutput, kSkipFiles, kKubernetes, kKubeletConfig, kBinDir, kHelp},
       .examples = {{"Check the file of this node", "registry-credential-broker validate"},
                    {"Check a new file before it replaces the present one",
                     "registry-credential-broker validate -f ./config.yaml.new"},
                    {"Check a file away from the node, in a pipeline",
                     "registry-credential-broker validate -f - --skip-files -o json < broker.yaml"},
                    {"Check the kubelet's file before a kubelet starts with it",
                     "registry-credential-broker validate --kubernetes 1.34 \\\n"
                     "    --kubelet-config /etc/kubernetes/credential-provider.yaml"}},
       .success = "no problem found; there may be warnings",
       .failures = {Kind::kUsage, Kind::kUnavailable, Kind::kInternal, Kind::kOutput, Kind::kConfig},
       .readsNetworkVariables = true},
      {.name = "explain",
       .command = Command::kExplain,
       .summary = "Say what a run would do for an image, offline.",
       .detail = "Shows which rule is selected, what would be sent where, and how long the kubelet\n"
                 "may keep the answer. Nothing is sent, and no token is shown.\n",
       .argument = "IMAGE",
       .argumentSummary = "The image, with its registry host; the tag does not count",
       .options = {kConfig, kOutput, kNamespace, kServiceAccount, kAnnotation, kTokenFile, kHelp},
       .examples = {{"The identity by name",
                     "registry-credential-broker explain registry.example.com/app \\\n"
                     "    --namespace team-a --service-account puller"},
                    {"The identity from a token, as JSON",
                     "registry-credential-broker explain registry.example.com/app \\\n"
                     "    --token-file ./token --output json"},
                    {"With an annotation of the service account",
                     "registry-credential-broker explain registry.example.com/app \\\n"
                     "    --annotation example.com/organization=acme"}},
       .success = "a run would succeed, or get as far as the exchange",
       .failures = {Kind::kUsage, Kind::kBadRequest, Kind::kNoRule, Kind::kUnavailable, Kind::kInternal, Kind::kOutput,
                    Kind::kRefused, Kind::kConfig},
       .readsNetworkVariables = true},
      {.name = "doctor",
       .command = Command::kDoctor,
       .summary = "Check this node: kubelet, files, network and cluster, and say what to fix.",
       .detail = "Run it as root on the node. It changes nothing, and shows no token or password.\n"
                 "With --image it checks what a pod of the service account needs to pull it.\n",
       .options = {kConfig, kOutput, kImage, kNamespace, kServiceAccount, kPullSecrets, kKubeconfig, kHelp},
       .examples = {{"Check the node", "registry-credential-broker doctor"},
                    {"Check why a pod cannot pull its image",
                     "registry-credential-broker doctor --image registry.example.com/app \\\n"
                     "    --namespace team-a --service-account puller"},
                    {"For a script", "registry-credential-broker doctor --output json"},
                    {"Which pods of the cluster no longer need a pull secret",
                     "registry-credential-broker doctor --pull-secrets \\\n"
                     "    --kubeconfig ~/.kube/config"}},
       .success = "no check failed; there may be warnings",
       .failures = {Kind::kUsage, Kind::kBadRequest, Kind::kUnavailable, Kind::kInternal, Kind::kOutput,
                    Kind::kBadAnswer, Kind::kRefused, Kind::kConfig},
       .readsNetworkVariables = true},
      {.name = "import",
       .command = Command::kImport,
       .summary = "Print the broker file for the plugins of a kubelet's file.",
       .detail = "Reads the file or folder of the kubelet's --image-credential-provider-config,\n"
                 "and prints rules for the entries of plugins that this program knows. Whatever\n"
                 "cannot be translated is a comment there and a line on stderr.\n",
       .argument = "FILE",
       .argumentSummary = "The kubelet's file, or its folder",
       .options = {kKubernetes, kHelp},
       .examples = {{"From the file of this node",
                     "registry-credential-broker import \\\n"
                     "    /etc/kubernetes/credential-provider-config.yaml > config.yaml"}},
       .success = "the printed file is valid as it is; its comments say what it leaves out",
       .failures = {Kind::kUsage, Kind::kInternal, Kind::kOutput, Kind::kConfig}},
      {.name = "providers",
       .command = Command::kProviders,
       .summary = "List the built-in providers and the installed modules.",
       .detail = "A module that a run would refuse is listed with the reason. Every other one is\n"
                 "loaded, so its code runs.\n",
       .options = {kOutput, kHelp},
       .examples = {{"As a table", "registry-credential-broker providers"},
                    {"As JSON", "registry-credential-broker providers --output json"}},
       .failures = kAlways},
      {.name = "providers show",
       .command = Command::kShowProvider,
       .summary = "Describe a provider and its settings.",
       .argument = "NAME",
       .argumentSummary = "A built-in provider, an installed module, or a module's absolute path",
       .options = {kOutput, kHelp},
       .examples = {{"The settings of a module",
                     "registry-credential-broker providers show \\\n"
                     "    /usr/local/lib/registry-credential-broker/example.so"}},
       .failures = {Kind::kUsage, Kind::kInternal, Kind::kOutput, Kind::kConfig}},
      {.name = "providers check",
       .command = Command::kCheckModule,
       .summary = "Check a module as its author: would a node load it, and which nodes?",
       .detail = "Works without root and for a file in any folder. The module's code runs with the\n"
                 "rights of the caller: check only a file that you would run.\n",
       .argument = "FILE",
       .argumentSummary = "The module's shared library",
       .options = {kOutput, kScript, kHelp},
       .examples = {{"After a build", "registry-credential-broker providers check build/example.so"},
                    {"With a test of what it sends and returns",
                     "registry-credential-broker providers check build/example.so \\\n"
                     "    --script script.yaml"}},
       .success = "every node would load it from a module folder; there may be warnings",
       .failures = {Kind::kUsage, Kind::kInternal, Kind::kOutput, Kind::kConfig}},
      {.name = "install",
       .command = Command::kInstall,
       .summary = "Install the program on this node, and let its kubelet use it.",
       .detail = "Finds out from the running kubelet where its files are, writes the program, its\n"
                 "names and the broker file, merges its entries into the kubelet's provider file,\n"
                 "and restarts the kubelet if what that reads at its start has changed. If it does\n"
                 "not become healthy, every file gets its former content again. A second run\n"
                 "changes nothing. Needs root.\n",
       .options = {kConfig, kOutput, kKubernetes, kKubeletConfig, kBinDir, kRoot, kFilesOnly, kDryRun, kCheck, kStay,
                   kHelp},
       .examples = {{"What would change", "registry-credential-broker install --dry-run"},
                    {"With a broker file", "registry-credential-broker install --config config.yaml"},
                    {"Into an image that is being built",
                     "registry-credential-broker install --root /mnt --files-only --kubernetes 1.34"}},
       .success = "installed; with --check, nothing is missing and the kubelet is healthy",
       .failures = {Kind::kUsage, Kind::kUnavailable, Kind::kInternal, Kind::kOutput, Kind::kConfig}},
      {.name = "uninstall",
       .command = Command::kUninstall,
       .summary = "Undo what `install` did to this node.",
       .detail = "Gives every file its original bytes back. From a file that was changed since,\n"
                 "only the entries and flags of this program are taken out. The kubelet is\n"
                 "restarted and watched as by `install`. Needs root.\n",
       .options = {kOutput, kRoot, kFilesOnly, kDryRun, kStay, kHelp},
       .examples = {{"What would change", "registry-credential-broker uninstall --dry-run"},
                    {"On this node", "registry-credential-broker uninstall"}},
       .success = "nothing of `install` is left",
       .failures = {Kind::kUsage, Kind::kUnavailable, Kind::kInternal, Kind::kOutput, Kind::kConfig}},
      {.name = "render",
       .command = std::nullopt,
       .summary = "Print files that are made from the broker file or the program's own tables.",
       .options = {kHelp},
       .failures = kAlways},
      {.name = "render kubelet",
       .command = Command::kRenderKubelet,
       .summary = "Print the kubelet's file of plugins for the rules of the broker file.",
       .detail = "One entry for each audience, for --image-credential-provider-config. A broker\n"
                 "file that is not the default one is named in the entries' arguments if its path\n"
                 "is absolute; a relative path, and - for stdin, is a draft of the default file.\n"
                 "With --skip-files, modules are not opened; their entries suit every module.\n",
       .options = {kConfig, kOutput, kSkipFiles, kKubernetes, kHelp},
       .outputSummary = "Format of the file: yaml or json [default: yaml]",
       .examples = {{"The file for the kubelet of this node",
                     "registry-credential-broker render kubelet --kubernetes 1.34"},
                    {"From a file in a repository",
                     "registry-credential-broker render kubelet --kubernetes 1.34 \\\n"
                     "    -f ./broker.yaml --skip-files"},
                    {"As JSON, for nodes of EKS",
                     "registry-credential-broker render kubelet --kubernetes 1.34 -o json"}},
       .failures = {Kind::kUsage, Kind::kUnavailable, Kind::kInternal, Kind::kOutput, Kind::kConfig}},
      {.name = "render rbac",
       .command = Command::kRenderRbac,
       .summary = "Print the cluster's access rules for the audiences of the broker file.",
       .detail = "A kubelet may request tokens only for audiences that these rules name.\n"
                 "Without --kubernetes they are those for 1.34 and later.\n",
       .options = {kConfig, kKubernetes, kHelp},
       .examples = {{"Apply them", "registry-credential-broker render rbac | kubectl apply -f -"}},
       .failures = {Kind::kUsage, Kind::kInternal, Kind::kOutput, Kind::kConfig}},
      {.name = "render links",
       .command = Command::kRenderLinks,
       .summary = "Print the names that the program needs besides its own, a line each.",
       .detail = "The kubelet runs each entry of its file by a name of its own. The names are the\n"
                 "same for every version of Kubernetes.\n",
       .options = {kConfig, kSkipFiles, kHelp},
       .examples = {{"Make the links, in the folder of the program",
                     "registry-credential-broker render links |\n"
                     "    xargs -r -n 1 ln -sf registry-credential-broker"}},
       .failures = {Kind::kUsage, Kind::kUnavailable, Kind::kInternal, Kind::kOutput, Kind::kConfig}},
      {.name = "render schema",
       .command = Command::kRenderSchema,
       .summary = "Print the JSON schema of the broker file.",
       .options = {kHelp},
       .examples = {{"A schema for editors", "registry-credential-broker render schema > broker.schema.json"}},
       .failures = kAlways},
      {.name = "render reference",
       .command = Command::kRenderReference,
       .summary = "Print the reference of keys and settings, in Markdown.",
       .options = {kHelp},
       .examples = {{"The reference of this build", "registry-credential-broker render reference > reference.md"}},
       .failures = kAlways},
      {.name = "version",
       .command = Command::kVersion,
       .summary = "Print the version and how the program was built.",
       .options = {kOutput, kHelp},
       .examples = {{"For a bug report", "registry-credential-broker version"},
                    {"For a script", "registry-credential-broker version --output json"}},
       .failures = kAlways},
      {.name = "help",
       .command = Command::kHelp,
       .summary = "Print the help of the program or of a command.",
       .argument = "[COMMAND]",
       .argumentSummary = "The command, of one or two words; none: the program",
       .options = {kHelp},
       .examples = {{"The help of a command", "registry-credential-broker help explain"},
                    {"The help of a command of two words", "registry-credential-broker help providers show"}},
       .failures = kAlways},
  };
  return table;
}

const CommandEntry* findCommand(std::string_view name) {
  const auto& table = commandTable();
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const CommandEntry& entry) { return entry.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::vector<std::string_view> commandsBelow(const CommandEntry& command) {
  std::vector<std::string_view> words;
  for (const CommandEntry& entry : commandTable()) {
    const auto blank = entry.name.find(' ');
    const std::string_view parent = blank == std::string_view::npos ? "" : entry.name.substr(0, blank);
    if (!entry.name.empty() && parent == command.name) words.push_back(entry.name.substr(blank + 1));
  }
  return words;
}

}  // namespace rcb
