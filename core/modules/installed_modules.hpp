// Finds modules by name: NAME stands for the file NAME.so in the first module folder that has one. Whether such a file may be loaded is decided
// where it is opened (module_policy.hpp).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// The paths of all files of this name, in the order of the folders: a rule that names the module uses the first. A file that cannot be looked up, for
// example in a folder without search permission, is among them, so that an error is reported instead of the next file used. Empty for what is not the
// name of a provider. One system call for each folder.
std::vector<std::string> modulesNamed(std::string_view name, std::span<const std::string> folders);

// What one module folder has: the names of the files that are named like modules, sorted. A folder that does not exist has none.
struct ModuleFolder {
  std::vector<std::string> names;
  std::string problem;  // why it cannot be read; empty if it can
};
ModuleFolder readModuleFolder(const std::string& folder);

}  // namespace rcb
