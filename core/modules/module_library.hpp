// A provider module in a shared library: checked, loaded, never unloaded.
#pragma once

#include "rcb/provider_abi.h"

#include <string>

namespace rcb {

// The entry function of the library at an absolute path. Before any of its code runs: owner and mode of the file and of all folders above it
// (core/support/trusted_file.hpp), size, machine, and the entry symbol, whose name holds the version of the contract. What was checked
// is what is loaded: the library is opened once. Throws Error: kFileUntrusted, kFileUnreadable, kModuleRefused.
rcb_provider_entry loadModule(const std::string& path);

// What a module at this path must call itself: the file's name without "lib", "rcb-provider-" and ".so".
std::string moduleNameFor(const std::string& path);

}  // namespace rcb
