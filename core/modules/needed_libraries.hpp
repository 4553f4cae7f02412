// Loads the libraries that a module needs before the module: each is found in a trusted folder, opened there, and checked like the module itself. The
// dynamic loader then knows them by name and does not search, so that no search path, cache or working directory has an influence.
#pragma once

#include "core/modules/library_needs.hpp"
#include "core/support/file_handle.hpp"

#include <string>

namespace rcb {

// Searches for each library, and for those that it needs in turn, in the search path of the library or module that needs it, then in the system's
// folders. Libraries that the process has already loaded, such as the C library, are not loaded again. `module` is the module's path, for messages.
// Runs the libraries' constructors. Throws Error: kModuleRefused, kFileUntrusted, kFileUnreadable.
void loadNeededLibraries(const LibraryNeeds& needs, const std::string& module);

// Loads the library in an open file under a name, /proc/self/fd/N, that refers only to this descriptor. The loader would take a later file under the
// same name for the same library, so the descriptor stays open forever, like the library. Returns the handle of dlopen(), or null; dlerror() then has
// the reason, which contains `name`.
void* loadLibraryFile(const FileHandle& file, int flags, std::string& name);

}  // namespace rcb
