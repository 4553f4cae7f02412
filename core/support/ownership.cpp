#include "core/support/ownership.hpp"

#include "core/support/file_handle.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>

namespace rcb {
namespace {

// The number that the kernel shows for every owner whom the user namespace does not map.
uid_t overflowUser() {
  constexpr uid_t kDefault = 65534;
  const FileHandle file(::open("/proc/sys/kernel/overflowuid", O_RDONLY | O_CLOEXEC));
  char digits[16];
  const ssize_t size = ::read(file.get(), digits, sizeof digits);
  uid_t user = kDefault;
  if (size > 0) std::from_chars(digits, digits + size, user);
  return user;
}

std::string ownerAndMode(const struct stat& info) {
  char text[64];
  std::snprintf(text, sizeof text, " (owner %u, group %u, mode %04o)", info.st_uid, info.st_gid,
                static_cast<unsigned>(info.st_mode & 07777));
  return text;
}

}  // namespace

std::string changeableBecause(const struct stat& info, const std::string& subject) {
  if (info.st_uid != 0) {
    if (info.st_uid != ::geteuid()) {
      return subject + " is owned by neither root nor the caller" + ownerAndMode(info);
    }
    // Without a mapping everybody's files look like the caller's own; outside of a user namespace the user nobody is shared by whoever has no other.
    if (info.st_uid == overflowUser()) {
      return subject + " is owned by the user that stands for every unknown one (nobody)" + ownerAndMode(info);
    }
  }
  const bool sticky = S_ISDIR(info.st_mode) && (info.st_mode & S_ISVTX) != 0;
  if (sticky || S_ISLNK(info.st_mode)) return {};
  if ((info.st_mode & S_IWOTH) != 0) return "other users can write to " + subject + ownerAndMode(info);
  if ((info.st_mode & S_IWGRP) != 0) return "users of its group can write to " + subject + ownerAndMode(info);
  return {};
}

bool isShared(const struct stat& folder) {
  return S_ISDIR(folder.st_mode) && (folder.st_mode & S_ISVTX) != 0 && (folder.st_mode & S_IWOTH) != 0;
}

std::string plantedBecause(const struct stat& entry, const std::string& subject) {
  if (S_ISDIR(entry.st_mode) || entry.st_nlink < 2) return {};
  return subject + " is a hard link in a folder where every user can create one (" + std::to_string(entry.st_nlink) +
         " names)";
}

}  // namespace rcb
