#include "core/support/trusted_path.hpp"

#include "core/support/file_system.hpp"
#include "core/support/ownership.hpp"
#include "core/support/printable.hpp"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstring>
#include <utility>

namespace rcb {
namespace {

constexpr int kLinkLimit = 40;  // as the kernel's
constexpr int kPathOnly = O_PATH | O_NOFOLLOW | O_CLOEXEC;

struct Entry {
  FileHandle handle;
  struct stat info = {};
};

class Walk {
 public:
  Walk(std::string_view what, const std::string& configured) : what_(what), configured_(configured) {}

  void startAtRoot() { enter(open(AT_FDCWD, "/", "/", true), "/"); }
  void startAt(const TrustedPlace& place) {
    folder_ = FileHandle(::fcntl(place.folder.get(), F_DUPFD_CLOEXEC, 0));
    if (folder_.get() < 0) throw unreadable(place.path, std::strerror(errno));
    info_ = place.info;
    path_ = place.path;
  }

  std::optional<TrustedPlace> follow(std::string_view path) {
    rest_ = path;
    written_ = rest_.size();
    while (true) {
      rest_.erase(0, std::min(rest_.find_first_not_of('/'), rest_.size()));
      const bool written = rest_.size() <= written_;
      const std::string name = rest_.substr(0, rest_.find('/'));
      rest_.erase(0, name.size());
      written_ = std::min(written_, rest_.size());
      if (name.empty()) return TrustedPlace{std::move(folder_), {}, path_, info_, isShared(info_)};
      if (name == ".") continue;
      const bool last = rest_.empty();
      const std::string child = below(name);
      Entry entry = open(folder_.get(), name, child, !last);
      if (entry.handle.get() < 0) {
        if (written) return std::nullopt;
        throw unreadable(child, std::string(std::strerror(ENOENT)) + ", and a link leads to it");
      }
      if (S_ISDIR(entry.info.st_mode)) {
        enter(std::move(entry), child);
      } else if (S_ISLNK(entry.info.st_mode)) {
        followLink(entry, child);
      } else if (last) {
        requireSuitableFileSystem(entry, child);
        return TrustedPlace{std::move(folder_), name, child, entry.info, isShared(info_)};
      } else {
        throw unreadable(child, std::strerror(ENOTDIR));
      }
    }
  }

 private:
  // The handle is -1 if there is no such entry.
  Entry open(int folder, const std::string& name, const std::string& path, bool folderExpected) {
    // O_DIRECTORY triggers automounts, and fails for links.
    int handle = ::openat(folder, name.c_str(), folderExpected ? kPathOnly | O_DIRECTORY : kPathOnly);
    if (handle < 0 && folderExpected && errno == ENOTDIR) handle = ::openat(folder, name.c_str(), kPathOnly);
    Entry entry{FileHandle(handle), {}};
    if (handle < 0 && errno == ENOENT) return entry;
    if (handle < 0 || ::fstat(handle, &entry.info) != 0) throw unreadable(path, std::strerror(errno));
    return entry;
  }

  void enter(Entry entry, std::string path) {
    requireSuitableFileSystem(entry, path);
    requireUnchangeable(entry, path, "folder");
    folder_ = std::move(entry.handle);
    info_ = entry.info;
    path_ = std::move(path);
  }

  void followLink(const Entry& link, const std::string& path) {
    requireUnchangeable(link, path, "link");
    if (++links_ > kLinkLimit) throw unreadable(path, std::strerror(ELOOP));
    char target[PATH_MAX];
    const ssize_t size = ::readlinkat(link.handle.get(), "", target, sizeof target);
    if (size < 0) throw unreadable(path, std::strerror(errno));
    if (static_cast<std::size_t>(size) == sizeof target) throw unreadable(path, std::strerror(ENAMETOOLONG));
    rest_.insert(0, target, static_cast<std::size_t>(size));
    if (target[0] == '/') startAtRoot();
  }

  // Checked only where the device changes, which saves a system call per entry.
  void requireSuitableFileSystem(const Entry& entry, const std::string& path) const {
    if (folder_.get() >= 0 && entry.info.st_dev == info_.st_dev) return;
    const std::string why = unsuitableFileSystem(entry.handle.get(), entry.info);
    if (!why.empty()) throw fileUntrusted(what_, configured_, printable(path) + " " + why);
  }

  void requireUnchangeable(const Entry& entry, const std::string& path, const std::string& kind) const {
    const bool shared = folder_.get() >= 0 && isShared(info_);
    auto fault = findOwnershipFault(entry.info, shared, "the " + kind + " " + printable(path), "0755 or stricter");
    if (fault) throw fileUntrusted(what_, configured_, fault->why).advise(std::move(fault->advice));
  }

  std::string below(const std::string& name) const {
    if (name == "..") return path_.substr(0, std::max<std::size_t>(path_.rfind('/'), 1));
    return (path_ == "/" ? path_ : path_ + "/") + name;
  }

  Error unreadable(const std::string& path, const std::string& why) const {
    return fileUnreadable(what_, configured_, path == configured_ ? why : printable(path) + ": " + why);
  }

  std::string_view what_;
  const std::string& configured_;  // for messages
  FileHandle folder_;
  struct stat info_ = {};    // of the folder
  std::string path_;         // of the folder
  std::string rest_;         // of the path, still to be resolved
  std::size_t written_ = 0;  // the length of the end of rest_ that is from the given path, not from a link
  int links_ = 0;
};

std::string named(std::string_view what, const std::string& path) {
  return "the " + std::string(what) + " " + printable(path);
}

void requireNoNul(const std::string& path, std::string_view what) {
  if (path.find('\0') != std::string::npos) throw fileUnreadable(what, path, "the path contains a NUL byte");
}

}  // namespace

Error fileUnreadable(std::string_view what, const std::string& path, const std::string& why) {
  return Error(ErrorCode::kFileUnreadable, named(what, path) + " cannot be read: " + why);
}

Error fileUntrusted(std::string_view what, const std::string& path, const std::string& why) {
  return Error(ErrorCode::kFileUntrusted, named(what, path) + " is refused: " + why);
}

std::optional<TrustedPlace> findTrustedPlace(const std::string& path, std::string_view what) {
  if (path.empty() || path.front() != '/') throw fileUnreadable(what, path, "the path is not absolute");
  requireNoNul(path, what);
  if (path.size() >= PATH_MAX) throw fileUnreadable(what, path, std::strerror(ENAMETOOLONG));
  Walk walk(what, path);
  walk.startAtRoot();
  return walk.follow(path);
}

std::optional<TrustedPlace> findTrustedPlace(const TrustedPlace& folder, const std::string& name,
                                             std::string_view what) {
  const std::string path = (folder.path == "/" ? folder.path : folder.path + "/") + name;
  requireNoNul(path, what);
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos) {
    throw fileUnreadable(what, path, "it is not the name of a file in the folder");
  }
  Walk walk(what, path);
  walk.startAt(folder);
  return walk.follow(name);
}

}  // namespace rcb
