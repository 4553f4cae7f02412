#include "core/modules/module_policy.hpp"

#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/support/trusted_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace rcb {
namespace {

constexpr std::string_view kRole = "provider module";
constexpr std::string_view kSuffix = ".so";
constexpr std::size_t kNameLimit = 63;

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

// `real`: without links. No error if it is below one of the folders.
std::optional<Error> folderFault(const std::string& path, const std::string& real,
                                 std::span<const std::string> folders) {
  if (std::any_of(folders.begin(), folders.end(), [&](const std::string& folder) { return isBelow(real, folder); })) {
    return std::nullopt;
  }
  return refused(path, fmt::format("{} is in none of the module folders", printable(real)))
      .advise(fmt::format("put it into {}", fmt::join(folders, " or ")));
}

}  // namespace

const std::vector<std::string>& defaultModuleFolders() {
  static const std::vector<std::string> folders = {RCB_MODULE_FOLDERS};
  return folders;
}

bool isProviderName(std::string_view name) {
  return !name.empty() && name.size() <= kNameLimit && isLower(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return isDigit(c) || isLower(c) || c == '-'; });
}

std::string modulePath(const std::string& folder, std::string_view name) {
  return fmt::format("{}/{}{}", folder, name, kSuffix);
}

bool isModulePath(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);
  return file.ends_with(kSuffix) && file.size() > kSuffix.size();
}

std::string moduleNameOf(const std::string& path) {
  if (!isModulePath(path)) throw refused(path, "its file is not named NAME.so after its provider");
  const std::size_t start = path.rfind('/') + 1;
  return path.substr(start, path.size() - start - kSuffix.size());
}

FileHandle openModuleFile(const std::string& path, std::span<const std::string> folders) {
  if (path.empty() || path.front() != '/') throw refused(path, "its path is not absolute");
  if (path.find('\0') != std::string::npos) throw refused(path, "its path contains a NUL byte");
  const auto place = findTrustedPlace(path, kRole);
  if (!place) throw refused(path, fmt::format("it cannot be found: {}", std::strerror(ENOENT)));
  if (auto fault = folderFault(path, place->path, folders)) throw std::move(*fault);
  return openTrustedPlace(*place, path, kRole).release();
}

std::vector<Error> placeFaults(const std::string& path, std::span<const std::string> folders) {
  std::vector<Error> faults;
  try {
    openTrustedFile(path, kRole);
  } catch (const Error& error) {
    faults.push_back(error);
  }
  std::error_code failure;
  const std::filesystem::path real = std::filesystem::canonical(path, failure);
  if (auto fault = folderFault(path, failure ? path : real.string(), folders)) faults.push_back(std::move(*fault));
  return faults;
}

std::string refusalReason(const Error& error, std::initializer_list<std::string_view> names) {
  const std::string& message = error.message();
  for (const std::string_view name : names) {
    const std::string subject = fmt::format("the {} {} ", kRole, printable(name));
    if (!message.starts_with(subject)) continue;
    const std::string predicate = message.substr(subject.size());
    constexpr std::string_view kRefused = "is refused: ";
    return predicate.starts_with(kRefused) ? predicate.substr(kRefused.size()) : "it " + predicate;
  }
  return message;
}

}  // namespace rcb
