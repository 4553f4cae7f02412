#include "core/modules/module_policy.hpp"

#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/support/trusted_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace rcb {
namespace {

constexpr std::string_view kRole = "provider module";
constexpr std::string_view kSuffix = ".so";

Error refused(const std::string& path, const std::string& why) {
  return Error(ErrorCode::kModuleRefused, fmt::format("the provider module {} is refused: {}", printable(path), why));
}

bool isBelow(const std::string& path, const std::string& folder) {
  try {
    const auto trusted = findTrustedFolder(folder, "module folder");
    return trusted && path.starts_with(trusted->path() == "/" ? "/" : trusted->path() + "/");
  } catch (const Error&) {
    return false;  // otherwise a user who can change the path to it could make any folder a module folder
  }
}

}  // namespace

const std::vector<std::string>& defaultModuleFolders() {
  static const std::vector<std::string> folders = {RCB_MODULE_FOLDERS};
  return folders;
}

std::string moduleNameOf(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  if (!name.ends_with(kSuffix) || name.size() == kSuffix.size()) {
    throw refused(path, "its file is not named NAME.so after its provider");
  }
  return name.substr(0, name.size() - kSuffix.size());
}

FileHandle openModuleFile(const std::string& path, std::span<const std::string> folders) {
  if (path.empty() || path.front() != '/') throw refused(path, "its path is not absolute");
  if (path.find('\0') != std::string::npos) throw refused(path, "its path contains a NUL byte");
  const auto place = findTrustedPlace(path, kRole);
  if (!place) throw refused(path, fmt::format("it cannot be found: {}", std::strerror(ENOENT)));
  const bool allowed = std::any_of(folders.begin(), folders.end(),
                                   [&](const std::string& folder) { return isBelow(place->path, folder); });
  if (!allowed) {
    throw refused(path, fmt::format("{} is in none of the module folders", printable(place->path)))
        .advise(fmt::format("put it into {}", fmt::join(folders, " or ")));
  }
  return openTrustedPlace(*place, path, kRole).release();
}

}  // namespace rcb
