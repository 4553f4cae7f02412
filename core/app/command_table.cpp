#include "core/app/command_table.hpp"

#include <algorithm>

namespace rcb {

const std::vector<OptionEntry>& optionTable() {
  using enum Option;
  static const std::vector<OptionEntry> table = {
      {kConfig, 'f', "config", "PATH", "The broker file [default: /etc/registry-credential-broker/config.yaml]"},
      {kOutput, 'o', "output", "FORMAT", "Format of the report and of an error: text or json [default: text]"},
      {kSkipFiles, 0, "skip-files", "", "Do not open the files that the broker file names"},
      {kNamespace, 'n', "namespace", "NAME", "The pod's namespace [default: default]"},
      {kServiceAccount, 0, "service-account", "NAME", "The pod's service account [default: default]"},
      {kAnnotation, 0, "annotation", "KEY=VALUE", "Service account annotation; may be repeated"},
      {kTokenFile, 0, "token-file", "PATH", "Take the identity from this service account token"},
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
                 "--config - reads the broker file from stdin.\n",
       .options = {kConfig, kOutput, kSkipFiles, kHelp},
       .examples = {{"Check the file of this node", "registry-credential-broker validate"},
                    {"Check a new file before it replaces the present one",
                     "registry-credential-broker validate -f ./config.yaml.new"},
                    {"Check a file away from the node, in a pipeline",
                     "registry-credential-broker validate -f - --skip-files -o json < broker.yaml"}},
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
      {.name = "providers",
       .command = Command::kProviders,
       .summary = "List the built-in providers.",
       .options = {kOutput, kHelp},
       .examples = {{"As a table", "registry-credential-broker providers"},
                    {"As JSON", "registry-credential-broker providers --output json"}},
       .failures = kAlways},
      {.name = "providers show",
       .command = Command::kShowProvider,
       .summary = "Describe a provider and its settings.",
       .argument = "NAME",
       .argumentSummary = "A built-in provider, or the absolute path of a module",
       .options = {kOutput, kHelp},
       .examples = {{"The settings of a module",
                     "registry-credential-broker providers show \\\n"
                     "    /usr/local/lib/registry-credential-broker/example.so"}},
       .failures = {Kind::kUsage, Kind::kInternal, Kind::kOutput, Kind::kConfig}},
      {.name = "render",
       .command = std::nullopt,
       .summary = "Print what is generated from the program's own tables.",
       .options = {kHelp},
       .failures = kAlways},
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
