#include "core/modules/installed_modules.hpp"

#include "core/modules/module_policy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>

namespace rcb {
namespace {

constexpr std::size_t kNameLimit = 1000;  // in one folder

bool isMissing(int error) { return error == ENOENT || error == ENOTDIR; }

}  // namespace

std::vector<std::string> modulesNamed(std::string_view name, std::span<const std::string> folders) {
  std::vector<std::string> files;
  if (!isProviderName(name)) return files;
  for (const std::string& folder : folders) {
    std::string file = modulePath(folder, name);
    // A dangling link is found too: it is an installation that went wrong, not a module that is absent.
    if (::faccessat(AT_FDCWD, file.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0 || !isMissing(errno)) {
      files.push_back(std::move(file));
    }
  }
  return files;
}

ModuleFolder readModuleFolder(const std::string& folder) {
  ModuleFolder found;
  std::error_code failure;
  for (std::filesystem::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const std::string file = entry->path().string();
    if (!isModulePath(file)) continue;
    std::string name = moduleNameOf(file);
    if (!isProviderName(name)) continue;
    if (found.names.size() == kNameLimit) {
      found.problem = "it has more than " + std::to_string(kNameLimit) + " modules";
      break;
    }
    found.names.push_back(std::move(name));
  }
  if (failure && !isMissing(failure.value())) found.problem = failure.message();
  std::sort(found.names.begin(), found.names.end());
  return found;
}

}  // namespace rcb
