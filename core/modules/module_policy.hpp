// Decides whether a file may be loaded as a provider module. A module runs in the process, as root, with access to tokens. The checks decide which
// code is trusted; they do not sandbox it.
#pragma once

#include "core/support/file_handle.hpp"
#include "core/support/trusted_file.hpp"

#include <span>
#include <string>
#include <vector>

namespace rcb {

// The default module folders, which this build was configured with (RCB_MODULE_FOLDERS).
const std::vector<std::string>& defaultModuleFolders();

// The provider's name that a module at this path must have: NAME of ".../NAME.so". Throws Error(kModuleRefused) if the file name has another form.
std::string moduleNameOf(const std::string& path);

// Opens the file that an absolute path leads to, with links resolved. It must be below one of the folders and pass the checks of openTrustedFile(): a
// regular file that only root or the caller can write to or replace. Throws Error: kModuleRefused, kFileUntrusted, kFileUnreadable.
FileHandle openModuleFile(const std::string& path, std::span<const std::string> folders);

}  // namespace rcb
