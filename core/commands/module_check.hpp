// The `providers check` command: everything that a node may have against a module, for its author, on any machine and without root.
#pragma once

#include "core/commands/module_report.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

struct ModuleCheck {
  std::string file;                  // as the caller named it
  std::vector<std::string> scripts;  // files to run the provider against, in this order
};

// Examines the file; if there is no error, loads it without the checks of a node, reads its table and runs the scripts. Runs the module's code.
// Throws Error(kFileUnreadable) if the file or a script cannot be read.
ModuleReport checkModule(const ModuleCheck& wanted, std::span<const std::string> moduleFolders);

}  // namespace rcb
