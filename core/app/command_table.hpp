// The commands and options of the program as one table: the parser (command_line.hpp) and the help (help_text.hpp) are made from it.
#pragma once

#include "core/support/error.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace rcb {

enum class Command {
  kAnswer,
  kValidate,
  kExplain,
  kDoctor,
  kImport,
  kProviders,
  kShowProvider,
  kCheckModule,
  kInstall,
  kUninstall,
  kRenderKubelet,
  kRenderRbac,
  kRenderLinks,
  kRenderSchema,
  kRenderReference,
  kVersion,
  kHelp
};

enum class Option {
  kConfig,
  kOutput,
  kSkipFiles,
  kKubernetes,
  kKubeletConfig,
  kBinDir,
  kImage,
  kNamespace,
  kServiceAccount,
  kAnnotation,
  kTokenFile,
  kRoot,
  kFilesOnly,
  kDryRun,
  kCheck,
  kStay,
  kPullSecrets,
  kKubeconfig,
  kScript,
  kHelp,
  kVersion,
};

struct OptionEntry {
  Option option;
  char letter;             // of the short form; 0: there is none
  std::string_view name;   // without the dashes
  std::string_view value;  // what stands for it in the help; empty: the option takes none
  std::string_view summary;
};

struct Example {
  std::string_view purpose;
  std::string_view line;  // as typed into a shell
};

struct CommandEntry {
  std::string_view name;           // of one or two words; empty: the run for the kubelet
  std::optional<Command> command;  // none: only the commands below it can be run
  std::string_view summary;        // one sentence, for the table of commands
  std::string_view detail = {};    // more lines for the command's own help
  std::string_view argument = {};  // its name in the help, in brackets if it can be missing; empty: there is none
  std::string_view argumentSummary = {};
  std::vector<Option> options;
  std::string_view outputSummary = {};  // of --output, if the formats are not text and json
  std::vector<Example> examples = {};
  std::string_view success = "success";  // what exit status 0 says
  std::vector<ErrorKind> failures;       // the other exit statuses
  bool readsNetworkVariables = false;
};

// Every option, in the order of the enumeration.
const std::vector<OptionEntry>& optionTable();

// Every command, in the order of the help; the first is the run for the kubelet.
const std::vector<CommandEntry>& commandTable();

// Null if there is none of this name.
const CommandEntry* findCommand(std::string_view name);

// The commands one level below this one: their last words.
std::vector<std::string_view> commandsBelow(const CommandEntry& command);

}  // namespace rcb
