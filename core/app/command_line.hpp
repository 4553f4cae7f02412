// The command line as a value. Without a command the program is the kubelet's plugin.
#pragma once

#include "core/app/command_table.hpp"
#include "core/kubelet/kubelet_version.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

// In place of a file's name, where a command reads it from stdin.
inline constexpr std::string_view kStandardInput = "-";

struct CommandLine {
  Command command = Command::kAnswer;
  std::string configFile;  // empty: the compiled-in default
  bool json = false;       // --output json
  std::string text;        // the requested help

  bool skipFiles = false;                                        // validate, render
  std::optional<KubeletVersion> kubernetes;                      // import, install, render, validate
  std::string kubeletConfig;                                     // validate, install
  std::string binDir;                                            // validate, install
  std::string image;                                             // explain, doctor
  std::string namespaceName;                                     // explain, doctor
  std::string serviceAccount;                                    // explain, doctor
  std::string tokenFile;                                         // explain
  std::vector<std::pair<std::string, std::string>> annotations;  // explain
  std::string providerFile;                                      // import
  std::string root;                                              // install, uninstall
  bool filesOnly = false;                                        // install, uninstall
  bool dryRun = false;                                           // install, uninstall
  bool check = false;                                            // install
  bool stay = false;                                             // install
  bool pullSecrets = false;                                      // doctor
  std::string kubeconfig;                                        // doctor, with pullSecrets
  std::string provider;                                          // providers show
  std::string moduleFile;                                        // providers check
  std::vector<std::string> scripts;                              // providers check
};

// `arguments` without the program's name. Options can come before and after the command; of an option that is given twice the last counts.
// Throws Error(kUsage), which names the nearest command or option, and the help that says more.
CommandLine parseCommandLine(const std::vector<std::string>& arguments);

// Whether `--output json` is among the arguments, even of a command line that parseCommandLine() refuses.
bool asksForJson(const std::vector<std::string>& arguments);

}  // namespace rcb
