// A provider module in a shared library: checked, loaded, never unloaded.
#pragma once

#include "rcb/provider_abi.h"

#include <span>
#include <string>

namespace rcb {

// Whether this build can load any: RCB_LOADABLE_MODULES. One without them has no_module_library.cpp in place of module_library.cpp, and with it
// no dynamic loader.
extern const bool kLoadsModules;

// The entry function of the library at an absolute path. Before any of its code runs: the file may be loaded (module_policy.hpp), is a library
// for this machine, and exports the entry symbol, whose name holds the version of the contract (module_image.hpp); and the libraries that it needs
// have been loaded, checked like itself (needed_libraries.hpp). What was checked is what is loaded: the file is opened once. Throws Error: kModuleRefused, kFileUntrusted, kFileUnreadable. Where no modules are loaded:
// always kModuleRefused, whatever the path.
rcb_provider_entry loadModule(const std::string& path, std::span<const std::string> folders);

}  // namespace rcb
