#include "core/app/command_line.hpp"

#include "core/app/help_text.hpp"
#include "core/settings/problem.hpp"
#include "core/support/printable.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace rcb {
namespace {

constexpr std::size_t kOptions = static_cast<std::size_t>(Option::kVersion) + 1;

// What CLI11 makes of the arguments: which are options that some command has, with their values, and which are not.
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

// `-o=json` as kubectl takes it; CLI11 would take "=json" for the value.
std::string withoutEquals(const std::string& argument) {
  const bool isShort = argument.size() > 2 && argument[0] == '-' && argument[2] == '=';
  return isShort && findOption(argument.substr(0, 2)) != nullptr ? argument.substr(0, 2) + argument.substr(3)
                                                                 : argument;
}

// CLI11's own sentences name no command, so what it could check is checked here. It refuses an option at the end without its value.
Error refusalOf(const std::vector<std::string>& arguments, const CommandEntry& command) {
  const std::string& end = arguments.back();
  const OptionEntry* last = findOption(end.substr(0, end.find('=')));
  return usageError(last == nullptr ? "the command line is invalid"
                                    : fmt::format("--{} needs a value; expected {}", last->name, last->value),
                    command);
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

void sort(const std::vector<std::string>& remaining, Tokens& tokens) {
  bool optionsEnded = false;
  for (const std::string& argument : remaining) {
    if (argument == "--" && !optionsEnded) {
      optionsEnded = true;
    } else if (!optionsEnded && argument.size() > 1 && argument.starts_with('-')) {
      tokens.unknown.push_back(argument.substr(0, argument.find('=')));  // its value may be a secret
    } else {
      tokens.words.push_back(argument);
    }
  }
}

Tokens tokenise(const std::vector<std::string>& arguments) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<CLI::Option*> options;
  for (const OptionEntry& entry : optionTable()) {
    const std::string names =
        entry.letter == 0 ? fmt::format("--{}", entry.name) : fmt::format("-{},--{}", entry.letter, entry.name);
    options.push_back(entry.value.empty() ? app.add_flag(names) : app.add_option(names));
    options.back()->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  std::vector<std::string> reversed;  // as CLI11 wants them
  std::transform(arguments.rbegin(), arguments.rend(), std::back_inserter(reversed), withoutEquals);
  Tokens tokens;
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError&) {
    sort(app.remaining(), tokens);
    throw refusalOf(arguments, takeCommand(tokens.words));
  }
  for (std::size_t i = 0; i < kOptions; ++i) tokens.values[i] = options[i]->results();
  sort(app.remaining(), tokens);
  return tokens;
}

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

void readValues(CommandLine& line, const Tokens& tokens, const CommandEntry& command) {
  line.configFile = tokens.last(Option::kConfig);
  if (line.configFile == kStandardInput && line.command != Command::kValidate) {
    throw usageError("--config - is for validate only; expected the broker file's path", command);
  }
  const std::string output = tokens.last(Option::kOutput);
  if (tokens.has(Option::kOutput) && output != "text" && output != "json") {
    throw usageError(fmt::format("--output is \"{}\"; expected text or json", shown(output)), command);
  }
  line.json = output == "json";
  line.skipFiles = tokens.has(Option::kSkipFiles);
  line.namespaceName = tokens.last(Option::kNamespace);
  line.serviceAccount = tokens.last(Option::kServiceAccount);
  line.tokenFile = tokens.last(Option::kTokenFile);
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
  Tokens tokens = tokenise(arguments);
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
  if (line.command == Command::kShowProvider) line.provider = rest.front();
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
