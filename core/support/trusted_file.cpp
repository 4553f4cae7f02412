#include "core/support/trusted_file.hpp"

#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace rcb {
namespace {

std::string named(std::string_view what, const std::string& path) {
  return "the " + std::string(what) + " " + printable(path);
}

Error unreadable(std::string_view what, const std::string& path, std::string_view why) {
  return Error(ErrorCode::kFileUnreadable, named(what, path) + " cannot be read: " + std::string(why));
}

// Why somebody else could change the thing, or null.
const char* changeableBy(const struct stat& info) {
  if (info.st_uid != 0 && info.st_uid != ::geteuid()) return "it is owned by neither root nor the caller";
  if ((info.st_mode & S_IWOTH) != 0) return "everybody may write it";
  if ((info.st_mode & S_IWGRP) != 0) return "its group may write it";
  return nullptr;
}

// Every folder from the file's own up to the root: whoever may write one of them may put another file in the place of this one.
void requireTrustedFolders(const std::string& path, std::string_view what) {
  char resolved[PATH_MAX];
  if (::realpath(path.c_str(), resolved) == nullptr) throw unreadable(what, path, std::strerror(errno));
  std::string folder(resolved);
  do {
    folder.erase(std::max<std::size_t>(folder.rfind('/'), 1));
    struct stat info;
    if (::stat(folder.c_str(), &info) != 0) throw unreadable(what, path, std::strerror(errno));
    // In a sticky folder such as /tmp nobody can replace another's file.
    if ((info.st_mode & S_ISVTX) != 0) info.st_mode &= ~static_cast<mode_t>(S_IWGRP | S_IWOTH);
    if (const char* why = changeableBy(info)) {
      throw Error(ErrorCode::kFileUntrusted, named(what, path) + " is refused: a folder above it is not safe: " + why)
          .advise("make the folder " + printable(folder) + " owned by root with mode 0755 or stricter");
    }
  } while (folder.size() > 1);
}

}  // namespace

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileHandle::~FileHandle() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FileHandle openTrustedFile(const std::string& path, std::string_view what) {
  if (path.empty() || path.front() != '/') throw unreadable(what, path, "the path is not absolute");
  if (path.find('\0') != std::string::npos) throw unreadable(what, path, "the path holds a NUL byte");
  // Non-blocking, or a FIFO in the file's place would hang the run.
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) throw unreadable(what, path, std::strerror(errno));
  struct stat info;
  if (::fstat(file.get(), &info) != 0) throw unreadable(what, path, std::strerror(errno));
  if (!S_ISREG(info.st_mode)) throw unreadable(what, path, "it is not a regular file");
  if (const char* why = changeableBy(info)) {
    throw Error(ErrorCode::kFileUntrusted, named(what, path) + " is refused: " + why)
        .advise("make it owned by root with mode 0644 or stricter");
  }
  requireTrustedFolders(path, what);
  return file;
}

Secret readTrustedFile(const std::string& path, std::string_view what, std::size_t limit) {
  const FileHandle file = openTrustedFile(path, what);
  Secret content;
  struct stat info;
  const bool sized = ::fstat(file.get(), &info) == 0 && info.st_size > 0;
  // One byte more, in which the end is seen.
  const std::size_t expected = sized ? std::min(static_cast<std::size_t>(info.st_size), limit) + 1 : 0;
  while (content.size() <= limit) {
    constexpr std::size_t kChunk = 4096;
    const std::size_t room = content.size() < expected ? expected - content.size() : kChunk;
    const ssize_t got = ::read(file.get(), content.prepare(room), room);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw unreadable(what, path, std::strerror(errno));
    if (got == 0) return content;
    content.commit(static_cast<std::size_t>(got));
  }
  throw unreadable(what, path, "it is larger than " + std::to_string(limit) + " bytes");
}

}  // namespace rcb
