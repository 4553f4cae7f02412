// Decides whether a file may be loaded as a provider module. A module runs in the process, as root, with access to tokens. The checks decide which
// code is trusted; they do not sandbox it.
#pragma once

#include "core/support/error.hpp"
#include "core/support/file_handle.hpp"
#include "core/support/trusted_file.hpp"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// The default module folders, which this build was configured with (RCB_MODULE_FOLDERS).
const std::vector<std::string>& defaultModuleFolders();

// Whether a provider may have this name: lowercase letters, digits and '-', at most 63, a letter first.
bool isProviderName(std::string_view name);

// Where a module of this name is in a folder.
std::string modulePath(const std::string& folder, std::string_view name);

// Whether a file is named as a module must be.
bool isModulePath(std::string_view path);

// The provider's name that a module at this path must have: NAME of ".../NAME.so". Throws Error(kModuleRefused) if the file name has another form.
std::string moduleNameOf(const std::string& path);

// Opens the file that an absolute path leads to, with links resolved. It must be below one of the folders and pass the checks of openTrustedFile(): a
// regular file that only root or the caller can write to or replace. Throws Error: kModuleRefused, kFileUntrusted, kFileUnreadable.
FileHandle openModuleFile(const std::string& path, std::span<const std::string> folders);

// Why openModuleFile() would refuse the file: where it is, who owns it and who can write to it. At most one error of the path and the file, and one
// of the folder.
std::vector<Error> placeFaults(const std::string& path, std::span<const std::string> folders);

// The message of an error about a module without the module, where a report names it already: "it is empty" of "the provider module quay is refused:
// it is empty". `names`: the path or name that the message may have.
std::string refusalReason(const Error& error, std::initializer_list<std::string_view> names);

}  // namespace rcb
