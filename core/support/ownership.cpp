#include "core/support/ownership.hpp"

#include "core/support/file_handle.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>

namespace rcb {
namespace {

// The number that the kernel shows for every owner that the user namespace does not map.
uid_t overflowUser() {
  constexpr uid_t kDefault = 65534;
  const FileHandle file(::open("/proc/sys/kernel/overflowuid", O_RDONLY | O_CLOEXEC));
  char digits[16];
  const ssize_t size = ::read(file.get(), digits, sizeof digits);
  uid_t user = kDefault;
  if (size > 0) std::from_chars(digits, digits + size, user);
  return user;
}

std::string modeOf(const struct stat& info) {
  char mode[8];
  std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(info.st_mode & 07777));
  return mode;
}

}  // namespace

bool isShared(const struct stat& folder) {
  return S_ISDIR(folder.st_mode) && (folder.st_mode & S_ISVTX) != 0 && (folder.st_mode & S_IWOTH) != 0;
}

std::optional<OwnershipFault> findOwnershipFault(const struct stat& info, bool shared, const std::string& subject,
                                                 std::string_view mode) {
  const bool link = S_ISLNK(info.st_mode);
  const bool sticky = S_ISDIR(info.st_mode) && (info.st_mode & S_ISVTX) != 0;
  const std::string advice = link ? "recreate " + subject + " as root, or remove it"
                                  : "make " + subject + " owned by root with mode " + std::string(mode);
  const std::string owner = std::to_string(info.st_uid);
  if (info.st_uid != 0 && info.st_uid != ::geteuid()) {
    return OwnershipFault{subject + " is owned by neither root nor the caller but by user " + owner, advice};
  }
  // In a user namespace without a mapping for the caller, every user's files seem to be the caller's. Outside of one, several programs share this
  // user.
  if (info.st_uid != 0 && info.st_uid == overflowUser()) {
    return OwnershipFault{
        subject + " is owned by user " + owner + ", which represents every unmapped user of a user namespace",
        "run the program as a dedicated user; in a user namespace, map that user and root"};
  }
  const bool byMode = !link && !sticky;
  if (byMode && (info.st_mode & S_IWOTH) != 0) {
    return OwnershipFault{"other users can write to " + subject + ": its mode is " + modeOf(info), advice};
  }
  if (byMode && (info.st_mode & S_IWGRP) != 0) {
    return OwnershipFault{
        "users of group " + std::to_string(info.st_gid) + " can write to " + subject + ": its mode is " + modeOf(info),
        advice};
  }
  if (shared && !S_ISDIR(info.st_mode) && info.st_nlink > 1) {
    return OwnershipFault{subject + " is a hard link in a folder where every user can create one",
                          "replace it with a copy in a folder that only root can write to"};
  }
  return std::nullopt;
}

}  // namespace rcb
