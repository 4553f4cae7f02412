// The command line as a value. Without a subcommand the program is the kubelet's plugin.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

enum class Command {
  kAnswer,
  kValidate,
  kExplain,
  kProviders,
  kShowProvider,
  kRenderSchema,
  kRenderReference,
  kVersion,
  kHelp
};

// In place of a file's name, where a command reads it from stdin.
inline constexpr std::string_view kStandardInput = "-";

struct CommandLine {
  Command command = Command::kAnswer;
  std::string configFile;  // empty: the compiled-in default
  bool json = false;       // --output json
  std::string text;        // of the help that was asked for

  bool skipFiles = false;                                        // validate
  std::string image;                                             // explain
  std::string namespaceName;                                     // explain
  std::string serviceAccount;                                    // explain
  std::string tokenFile;                                         // explain
  std::vector<std::pair<std::string, std::string>> annotations;  // explain
  std::string provider;                                          // providers show
};

// `arguments` without the program's name. Throws Error(kUsage).
CommandLine parseCommandLine(const std::vector<std::string>& arguments);

// What `--help` prints.
std::string helpText();

}  // namespace rcb
