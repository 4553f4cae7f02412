// Finds the libraries that a module needs, which are loaded before it: each is found in a trusted folder, opened there, and checked like the module
// itself. The dynamic loader then knows them by name and does not search, so that no search path, cache or working directory has an influence.
#pragma once

#include "core/modules/library_needs.hpp"
#include "core/modules/module_library.hpp"

#include <string>
#include <vector>

namespace rcb {

// Searches for each library, and for those that it needs in turn, in the search path of the library or module that needs it, then in the system's
// folders. Libraries that this process has loaded, such as the C library, are left out: the module's process is one of the same program. `module` is
// the module's path, for messages. Each library comes after those that it needs. Throws Error: kModuleRefused, kFileUntrusted, kFileUnreadable.
std::vector<ModuleFiles::File> openNeededLibraries(const LibraryNeeds& needs, const std::string& module);

}  // namespace rcb
