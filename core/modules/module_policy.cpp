#include "core/modules/module_policy.hpp"

#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

namespace rcb {
namespace {

constexpr std::string_view kSuffix = ".so";

Error refused(const std::string& path, const std::string& why) {
  return Error(ErrorCode::kModuleRefused, fmt::format("the provider module {} is refused: {}", printable(path), why));
}

// Absolute, without links, "." and ".."; nothing (and errno) if it leads nowhere.
std::optional<std::string> resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&::free)> real(::realpath(path.c_str(), nullptr), &::free);
  if (!real) return std::nullopt;
  return std::string(real.get());
}

bool liesBelow(const std::string& path, const std::string& folder) {
  const auto real = resolved(folder);
  return real && path.starts_with(*real == "/" ? *real : *real + "/");
}

}  // namespace

const std::vector<std::string>& defaultModuleFolders() {
  static const std::vector<std::string> folders = {RCB_MODULE_FOLDERS};
  return folders;
}

std::string moduleNameOf(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  if (!name.ends_with(kSuffix) || name.size() == kSuffix.size()) {
    throw refused(path, "its file is not called NAME.so, with the name of the provider in it");
  }
  return name.substr(0, name.size() - kSuffix.size());
}

FileHandle openModuleFile(const std::string& path, std::span<const std::string> folders) {
  if (path.empty() || path.front() != '/') throw refused(path, "its path is not absolute");
  if (path.find('\0') != std::string::npos) throw refused(path, "its path holds a NUL byte");
  const auto real = resolved(path);
  if (!real) throw refused(path, fmt::format("it cannot be found: {}", std::strerror(errno)));
  const bool allowed =
      std::any_of(folders.begin(), folders.end(), [&](const std::string& folder) { return liesBelow(*real, folder); });
  if (!allowed) {
    throw refused(path, fmt::format("{} is in none of the folders for modules", printable(*real)))
        .advise(fmt::format("put it into {}", fmt::join(folders, " or ")));
  }
  return openTrustedFile(*real, "provider module").release();
}

}  // namespace rcb
