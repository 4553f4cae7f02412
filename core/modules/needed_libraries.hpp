// The libraries that a module needs, loaded before it: each found in a trusted folder, opened there, and checked like the module itself. The dynamic
// loader knows them by their names from then on and searches for nothing, so that no search path, cache or working directory has a say.
#pragma once

#include "core/modules/library_needs.hpp"
#include "core/support/file_handle.hpp"

#include <string>

namespace rcb {

// Looks for each library, and for what it needs in turn, in the folders of who needs it and then in the system's; what the process has loaded already,
// the C library say, is taken as it is. `module` is the path to name in messages. Runs the libraries' constructors. Throws Error: kModuleRefused,
// kFileUntrusted, kFileUnreadable.
void loadNeededLibraries(const LibraryNeeds& needs, const std::string& module);

// Loads the library in an open file, under a name that leads to this descriptor and nowhere else. The loader takes a later file under the same name for the
// same library: so the descriptor stays open for as long as the library, forever. The handle of dlopen(), or null: dlerror() says why, with `name` in it.
void* loadLibraryFile(const FileHandle& file, int flags, std::string& name);

}  // namespace rcb
