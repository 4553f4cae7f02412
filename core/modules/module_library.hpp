// Checks and loads provider modules from shared libraries. They are never unloaded.
#pragma once

#include "core/support/error.hpp"
#include "core/support/file_handle.hpp"

#include "rcb/provider_abi.h"

#include <cstddef>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace rcb {

// Whether this build can load modules: RCB_LOADABLE_MODULES. Builds that cannot have no_module_library.cpp in place of module_library.cpp, and need
// no dynamic loader.
extern const bool kLoadsModules;

// A module that may be loaded, and the libraries that it needs, as open files that were checked.
struct ModuleFiles {
  struct File {
    FileHandle handle{};
    std::string path;  // for messages
  };
  std::vector<File> libraries;  // each after everything that it needs
  File module;
};

// Opens the library at an absolute path. Checked before any of its code runs: the file may be loaded (module_policy.hpp), is a library for this
// architecture, and exports the entry symbol, whose name contains the version of the contract (module_image.hpp). The libraries that it needs are
// checked in the same way (needed_libraries.hpp). Each file is opened only once, so the checked file is the loaded one. Throws Error: kModuleRefused,
// kFileUntrusted, kFileUnreadable. A build that cannot load modules always throws kModuleRefused.
ModuleFiles openModule(const std::string& path, std::span<const std::string> folders);

// Which of the files the dynamic loader has refused, and its reason, which names only libraries and symbols.
struct LoadFailure {
  std::size_t file;  // in ModuleFiles::libraries; any greater one is the module
  std::string reason;
};

// Loads the files into this process: the libraries, then the module. Their constructors run. Returns the module's entry function. The descriptors
// must stay open for good: the loader knows a library by the name /proc/self/fd/N, and would take a later file under it for the same one.
std::variant<rcb_provider_entry, LoadFailure> loadFiles(std::span<const int> descriptors);

// What such a failure means to the operator.
Error loadError(const ModuleFiles& files, const LoadFailure& failure);

// Why a module that is built with AddressSanitizer cannot be loaded where that is not part of the process.
inline constexpr const char* kSanitizerProblem =
    "it is built with AddressSanitizer, which must be loaded when the program starts";

// Whether AddressSanitizer is part of this process. Without it, loading a library that is built with it fails or ends the process.
bool isSanitizerLoaded();

// For the author of a module, who has the right to run it: the entry function of the library at an absolute path, without any check. The dynamic
// loader finds what it needs in its own way. Throws Error(kModuleRefused) if it cannot be loaded.
rcb_provider_entry loadUncheckedModule(const std::string& path);

}  // namespace rcb
