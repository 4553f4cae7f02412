// Checks and loads provider modules from shared libraries. They are never unloaded.
#pragma once

#include "rcb/provider_abi.h"

#include <span>
#include <string>

namespace rcb {

// Whether this build can load modules: RCB_LOADABLE_MODULES. Builds that cannot have no_module_library.cpp in place of module_library.cpp, and need
// no dynamic loader.
extern const bool kLoadsModules;

// The entry function of the library at an absolute path. Checked before any of its code runs: the file may be loaded (module_policy.hpp), is a
// library for this architecture, and exports the entry symbol, whose name contains the version of the contract (module_image.hpp). The libraries that
// it needs are checked in the same way and loaded first (needed_libraries.hpp). The file is opened only once, so the checked file is the loaded one.
// Throws Error: kModuleRefused, kFileUntrusted, kFileUnreadable. A build that cannot load modules always throws kModuleRefused.
rcb_provider_entry loadModule(const std::string& path, std::span<const std::string> folders);

}  // namespace rcb
