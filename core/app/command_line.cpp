#include "core/app/command_line.hpp"

#include "core/app/help_text.hpp"
#include "core/settings/problem.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rcb {
namespace {

constexpr std::size_t kOptions = static_cast<std::size_t>(Option::kVersion) + 1;

// The arguments, sorted: which are options that some command has, with their values, and which are not.
struct Tokens {
  std::array<std::vector<std::string>, kOptions>
      values;                        // by option, in the order given; of an option without a value "true"
  std::vector<std::string> words;    // of the command, its argument
  std::vector<std::string> unknown;  // what looks like an option and is none

  bool has(Option option) const { return !values.at(static_cast<std::size_t>(option)).empty(); }
  std::string last(Option option) const {
    return has(option) ? values.at(static_cast<std::size_t>(option)).back() : std::string();
  }
};

const OptionEntry* findOption(std::string_view argument) {
  for (const OptionEntry& option : optionTable()) {
    if (argument == fmt::format("--{}", option.name)) return &option;
    if (option.letter != 0 && argument == fmt::format("-{}", option.letter)) return &option;
  }
  return nullptr;
}

std::string shown(std::string_view argument) { return printable(argument, 80); }

Error usageError(std::string message, const CommandEntry& command) {
  return Error(ErrorCode::kUsage, std::move(message))
      .advise(fmt::format("run `registry-credential-broker help{}{}`", command.name.empty() ? "" : " ", command.name));
}

// How a message about an unknown word goes on.
std::string likely(std::string_view word, const std::vector<std::string_view>& known, std::string_view what) {
  const std::string_view near = nearest(word, known);
  return near.empty() ? fmt::format("expected {}", alternatives(known)) : fmt::format("did you mean {}{}?", what, near);
}

// The innermost command that the words name; takes its words away.
const CommandEntry& takeCommand(std::vector<std::string>& words) {
  const CommandEntry* command = &commandTable().front();
  while (!words.empty()) {
    const CommandEntry* next =
        findCommand(command->name.empty() ? words.front() : fmt::format("{} {}", command->name, words.front()));
    if (next == nullptr || next == command) break;
    command = next;
    words.erase(words.begin());
  }
  return *command;
}

// Sorts arguments as getopt_long() does, without its abbreviations: --name VALUE, --name=VALUE, -n VALUE, -nVALUE, and -n=VALUE as kubectl takes it.
class Tokeniser {
 public:
  explicit Tokeniser(const std::vector<std::string>& arguments) : arguments_(arguments) {}

  Tokens read() && {
    for (; next_ < arguments_.size();) {
      const std::string& argument = arguments_[next_++];
      if (argument == "--") break;
      if (argument.size() < 2 || argument[0] != '-') {
        tokens_.words.push_back(argument);
      } else {
        take(argument);
      }
    }
    tokens_.words.insert(tokens_.words.end(), arguments_.begin() + static_cast<std::ptrdiff_t>(next_),
                         arguments_.end());
    if (missing_ != nullptr) {
      throw usageError(fmt::format("--{} needs a value; expected {}", missing_->name, missing_->value),
                       takeCommand(tokens_.words));
    }
    return std::move(tokens_);
  }

 private:
  void take(std::string_view argument) {
    const bool isLong = argument.starts_with("--");
    const std::size_t nameEnd = isLong ? std::min(argument.find('='), argument.size()) : 2;
    const OptionEntry* const option = findOption(argument.substr(0, nameEnd));
    if (option == nullptr) {
      tokens_.unknown.emplace_back(argument.substr(0, argument.find('=')));  // its value may be a secret
      return;
    }
    std::string_view rest = argument.substr(nameEnd);
    const bool hasEquals = rest.starts_with('=');
    if (hasEquals) rest.remove_prefix(1);
    std::vector<std::string>& values = tokens_.values.at(static_cast<std::size_t>(option->option));
    if (option->value.empty()) {
      values.emplace_back(hasEquals ? rest : "true");
      if (!hasEquals && !rest.empty()) take(fmt::format("-{}", rest));  // -hv
    } else if (!rest.empty()) {
      values.emplace_back(rest);
    } else if (hasEquals || next_ == arguments_.size() || findOption(arguments_[next_]) != nullptr) {
      missing_ = option;
    } else {
      values.push_back(arguments_[next_++]);
    }
  }

  const std::vector<std::string>& arguments_;
  std::size_t next_ = 0;
  Tokens tokens_;
  const OptionEntry* missing_ = nullptr;
};

void refuseUnknownCommand(const CommandEntry& command, const std::vector<std::string>& rest) {
  const std::vector<std::string_view> below = commandsBelow(command);
  if (rest.empty() || below.empty()) return;
  const std::string before = command.name.empty() ? "" : std::string(command.name) + " ";
  throw usageError(
      fmt::format("there is no command \"{}{}\"; {}", before, shown(rest.front()), likely(rest.front(), below, before)),
      command);
}

std::vector<std::string> namesOf(const std::vector<Option>& options) {
  std::vector<std::string> names;
  names.reserve(options.size());
  for (const Option option : options) {
    names.push_back(fmt::format("--{}", optionTable().at(static_cast<std::size_t>(option)).name));
  }
  return names;
}

void refuseOptions(const Tokens& tokens, const CommandEntry& command) {
  const std::vector<std::string> names = namesOf(command.options);
  if (!tokens.unknown.empty()) {
    const std::string& unknown = tokens.unknown.front();
    throw usageError(
        fmt::format("there is no option \"{}\"; {}", shown(unknown), likely(unknown, {names.begin(), names.end()}, "")),
        command);
  }
  for (const OptionEntry& option : optionTable()) {
    const auto& values = tokens.values.at(static_cast<std::size_t>(option.option));
    if (values.empty()) continue;
    if (std::find(command.options.begin(), command.options.end(), option.option) == command.options.end()) {
      throw usageError(fmt::format("--{} has no effect {}", option.name,
                                   command.name.empty() ? "without a command" : fmt::format("on `{}`", command.name)),
                       command);
    }
    if (option.value.empty() && values.back() != "true") {
      throw usageError(fmt::format("--{} takes no value; found \"{}\"", option.name, shown(values.back())), command);
    }
  }
}

void refuseArgument(const CommandEntry& command, const std::vector<std::string>& rest) {
  if (!command.command) {
    throw usageError(
        fmt::format("`{}` needs a command; expected {}", command.name, alternatives(commandsBelow(command))), command);
  }
  if (command.argument.empty() && !rest.empty()) {
    throw usageError(fmt::format("`{}` takes no argument; found \"{}\"", command.name, shown(rest.front())), command);
  }
  if (!command.argument.empty() && rest.empty()) {
    throw usageError(fmt::format("`{}` needs an argument; expected {}", command.name, command.argument), command);
  }
  if (rest.size() > 1) {
    throw usageError(
        fmt::format("`{}` takes one {}; found \"{}\" too", command.name, command.argument, shown(rest.at(1))), command);
  }
}

// What says how a node is changed.
void readNode(CommandLine& line, const Tokens& tokens, const CommandEntry& command) {
  if (line.command != Command::kInstall && line.command != Command::kUninstall) return;
  for (const Option option : {Option::kKubeletConfig, Option::kBinDir, Option::kRoot}) {
    const std::string path = tokens.last(option);
    if (!tokens.has(option) || path.starts_with('/')) continue;
    throw usageError(fmt::format("--{} is \"{}\"; expected an absolute path",
                                 optionTable().at(static_cast<std::size_t>(option)).name, shown(path)),
                     command);
  }
  line.root = tokens.last(Option::kRoot);
  line.filesOnly = tokens.has(Option::kFilesOnly);
  line.dryRun = tokens.has(Option::kDryRun);
  line.check = tokens.has(Option::kCheck);
  line.stay = tokens.has(Option::kStay);
  if (line.dryRun + line.check + line.stay > 1) {
    throw usageError("--dry-run, --check and --stay exclude each other", command);
  }
}

bool readsRulesOnly(Command command) {
  return command == Command::kValidate || command == Command::kRenderKubelet || command == Command::kRenderRbac ||
         command == Command::kRenderLinks;
}

void readKubernetes(CommandLine& line, const Tokens& tokens, const CommandEntry& command) {
  if (!tokens.has(Option::kKubernetes)) {
    if (line.command != Command::kRenderKubelet) return;
    throw usageError(
        "`render kubelet` needs --kubernetes with the kubelet's version, since a file for one version can "
        "keep the kubelet of another from starting; `kubectl get nodes` and `kubelet --version` show it",
        command);
  }
  const std::string text = tokens.last(Option::kKubernetes);
  line.kubernetes = parseKubeletVersion(text);
  if (!line.kubernetes) {
    throw usageError(fmt::format("--kubernetes is \"{}\"; expected a version such as 1.34 or v1.34.4", shown(text)),
                     command);
  }
  if (*line.kubernetes < kOldestKubelet) {
    throw usageError(fmt::format("--kubernetes is \"{}\"; expected {} or later", shown(text), kOldestKubelet.text()),
                     command);
  }
}

// What only says how the kubelet's file is checked.
void readKubeletFile(CommandLine& line, const Tokens& tokens, const CommandEntry& command) {
  line.kubeletConfig = tokens.last(Option::kKubeletConfig);
  line.binDir = tokens.last(Option::kBinDir);
  if (line.command != Command::kValidate || !line.kubeletConfig.empty()) return;
  for (const Option option : {Option::kKubeletConfig, Option::kKubernetes, Option::kBinDir}) {
    if (!tokens.has(option)) continue;
    const auto& entry = optionTable().at(static_cast<std::size_t>(option));
    throw usageError(option == Option::kKubeletConfig
                         ? "--kubelet-config is empty; expected the path of the kubelet's provider file or folder"
                         : fmt::format("--{} has no effect on `validate` without --kubelet-config", entry.name),
                     command);
  }
}

void readValues(CommandLine& line, const Tokens& tokens, const CommandEntry& command) {
  line.configFile = tokens.last(Option::kConfig);
  if (line.configFile == kStandardInput && !readsRulesOnly(line.command)) {
    throw usageError("--config - is for validate and render only; expected the broker file's path", command);
  }
  const std::string output = tokens.last(Option::kOutput);
  const std::string_view usual = line.command == Command::kRenderKubelet ? "yaml" : "text";
  if (tokens.has(Option::kOutput) && output != usual && output != "json") {
    throw usageError(fmt::format("--output is \"{}\"; expected {} or json", shown(output), usual), command);
  }
  line.json = output == "json";
  line.skipFiles = tokens.has(Option::kSkipFiles);
  line.image = tokens.last(Option::kImage);
  readKubernetes(line, tokens, command);
  readKubeletFile(line, tokens, command);
  line.namespaceName = tokens.last(Option::kNamespace);
  line.serviceAccount = tokens.last(Option::kServiceAccount);
  line.tokenFile = tokens.last(Option::kTokenFile);
  readNode(line, tokens, command);
  line.pullSecrets = tokens.has(Option::kPullSecrets);
  line.kubeconfig = tokens.last(Option::kKubeconfig);
  if (tokens.has(Option::kKubeconfig) && !line.pullSecrets) {
    throw usageError("--kubeconfig has no effect without --pull-secrets", command);
  }
  for (const auto& [option, name] : {std::pair(Option::kImage, "image"), std::pair(Option::kNamespace, "namespace"),
                                     std::pair(Option::kServiceAccount, "service-account")}) {
    if (line.pullSecrets && tokens.has(option)) {
      throw usageError(fmt::format("--{} has no effect with --pull-secrets", name), command);
    }
  }
  line.scripts = tokens.values.at(static_cast<std::size_t>(Option::kScript));
  for (const std::string& annotation : tokens.values.at(static_cast<std::size_t>(Option::kAnnotation))) {
    const auto equals = annotation.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw usageError(fmt::format("--annotation is \"{}\"; expected KEY=VALUE", shown(annotation)), command);
    }
    line.annotations.emplace_back(annotation.substr(0, equals), annotation.substr(equals + 1));
  }
}

CommandLine helpOn(const CommandEntry& command) {
  CommandLine line;
  line.command = Command::kHelp;
  line.text = helpText(command);
  return line;
}

CommandLine parse(const std::vector<std::string>& arguments) {
  Tokens tokens = Tokeniser(arguments).read();
  std::vector<std::string> rest = tokens.words;
  const CommandEntry* command = &takeCommand(rest);
  if (tokens.has(Option::kHelp)) {
    if (command->command == Command::kHelp && !rest.empty()) command = &takeCommand(rest);
    refuseUnknownCommand(*command, rest);
    return helpOn(*command);
  }
  if (command->name.empty() && rest.empty() && tokens.has(Option::kVersion)) {
    // The command's own option, and those of the command that it stands for.
    tokens.values.at(static_cast<std::size_t>(Option::kVersion)).clear();
    tokens.values.at(static_cast<std::size_t>(Option::kConfig)).clear();
    command = findCommand("version");
  }
  if (tokens.unknown.empty()) refuseUnknownCommand(*command, rest);
  refuseOptions(tokens, *command);
  if (command->command == Command::kHelp) {
    const CommandEntry& subject = takeCommand(rest);
    refuseUnknownCommand(subject, rest);
    if (!rest.empty()) {
      throw usageError(fmt::format("there is no command \"{} {}\"", subject.name, shown(rest.front())), subject);
    }
    return helpOn(subject);
  }
  if (!command->name.empty()) refuseArgument(*command, rest);
  CommandLine line;
  line.command = *command->command;
  readValues(line, tokens, *command);
  if (line.command == Command::kExplain) line.image = rest.front();
  if (line.command == Command::kImport) line.providerFile = rest.front();
  if (line.command == Command::kShowProvider) line.provider = rest.front();
  if (line.command == Command::kCheckModule) line.moduleFile = rest.front();
  return line;
}

}  // namespace

CommandLine parseCommandLine(const std::vector<std::string>& arguments) {
  // The kubelet's run skips the parser, whose construction costs a tenth of a millisecond.
  CommandLine line;
  if (arguments.empty()) return line;
  if (arguments.size() == 2 && arguments[0] == "--config" && arguments[1].starts_with('/')) {
    line.configFile = arguments[1];
    return line;
  }
  return parse(arguments);
}

bool asksForJson(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--output=json" || argument == "-o=json" || argument == "-ojson") return true;
    if ((argument == "--output" || argument == "-o") && i + 1 < arguments.size() && arguments[i + 1] == "json")
      return true;
  }
  return false;
}

}  // namespace rcb
