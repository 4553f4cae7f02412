// May this file be loaded as a provider module? What is loaded runs in the process, as root, with tokens in its hands: these checks decide which
// code is trusted, and do not contain it.
#pragma once

#include "core/support/file_handle.hpp"
#include "core/support/trusted_file.hpp"

#include <span>
#include <string>
#include <vector>

namespace rcb {

// Where modules may lie, unless the caller says otherwise: the folders that this build was configured with (RCB_MODULE_FOLDERS).
const std::vector<std::string>& defaultModuleFolders();

// The provider's name that a module at this path must have: NAME of ".../NAME.so". Throws Error(kModuleRefused) if the file is called
// otherwise.
std::string moduleNameOf(const std::string& path);

// Opens the file that an absolute path leads to, links resolved, if it lies below one of the folders and openTrustedFile() has nothing against
// it: a regular file that nobody but root or the caller could have written or replaced. Throws Error: kModuleRefused, kFileUntrusted,
// kFileUnreadable.
FileHandle openModuleFile(const std::string& path, std::span<const std::string> folders);

}  // namespace rcb
