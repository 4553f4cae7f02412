#include "core/node/node_entry.hpp"

#include "core/node/node_files.hpp"
#include "core/support/error.hpp"
#include "core/support/file_handle.hpp"
#include "core/support/printable.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace rcb {
namespace {

constexpr char kLabel[] = "security.selinux";

Error notWritten(const std::string& path, int reason) {
  return Error(ErrorCode::kWriteFailed, printable(path) + " cannot be written: " + std::strerror(reason))
      .advise("free space on its file system, or make it writable; every file is as before");
}

std::string folderOf(const std::string& path) { return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)); }

// A name is on the disk once its folder is.
void syncFolder(const std::string& folder) {
  const FileHandle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot do this and say so with EINVAL.
  if (handle.get() < 0 || (::fsync(handle.get()) != 0 && errno != EINVAL)) throw notWritten(folder, errno);
}

void writeAll(int file, const std::string& content, const std::string& path) {
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t wrote = ::write(file, content.data() + done, content.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) throw notWritten(path, errno);
    done += static_cast<std::size_t>(wrote);
  }
}

// Kernels without SELinux have no label, and a file system may keep none.
void keepLabel(const std::string& path, int file) {
  char label[256];
  const ssize_t size = ::lgetxattr(path.c_str(), kLabel, label, sizeof label);
  if (size > 0) static_cast<void>(::fsetxattr(file, kLabel, label, static_cast<std::size_t>(size), 0));
}

void writeDraft(const std::string& draft, const std::string& path, const NodeEntry& entry) {
  const FileHandle file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.get() < 0) throw notWritten(path, errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) throw notWritten(path, errno);
  const bool own = info.st_uid == entry.owner && info.st_gid == entry.group;
  if (!own && ::fchown(file.get(), entry.owner, entry.group) != 0) throw notWritten(path, errno);
  if (::fchmod(file.get(), entry.mode) != 0) throw notWritten(path, errno);
  keepLabel(path, file.get());
  writeAll(file.get(), entry.content, path);
  if (::fsync(file.get()) != 0) throw notWritten(path, errno);
}

void remove(const std::string& path) {
  if (::unlink(path.c_str()) == 0) {
    syncFolder(folderOf(path));
  } else if (errno != ENOENT && errno != ENOTDIR) {
    throw notWritten(path, errno);
  }
}

}  // namespace

NodeEntry newFile(std::string content, mode_t mode) {
  return {NodeEntry::Kind::kFile, std::move(content), mode, ::geteuid(), ::getegid()};
}

NodeEntry newLink(std::string target) { return {NodeEntry::Kind::kLink, std::move(target)}; }

NodeEntry readEntry(const std::string& path) {
  const auto unreadable = [&path](const std::string& why) {
    return Error(ErrorCode::kFileUnreadable, printable(path) + " cannot be read: " + why);
  };
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    throw unreadable(std::strerror(errno));
  }
  if (S_ISLNK(info.st_mode)) {
    const auto target = readNodeLink(path);
    if (!target) throw unreadable(std::strerror(errno));
    return newLink(*target);
  }
  if (!S_ISREG(info.st_mode)) throw unreadable("it is not a regular file");
  int reason = 0;
  auto content = readNodeFile(path, &reason, kNodeEntryLimit);
  if (!content) throw unreadable(std::strerror(reason));
  return {NodeEntry::Kind::kFile, std::move(*content), info.st_mode & 07777, info.st_uid, info.st_gid};
}

std::string draftOf(const std::string& path) {
  const auto name = path.rfind('/') + 1;
  return path.substr(0, name) + "." + path.substr(name) + ".rcb-new";
}

void removeDraft(const std::string& path) {
  const std::string draft = draftOf(path);
  if (::unlink(draft.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) throw notWritten(draft, errno);
}

void putEntry(const std::string& path, const NodeEntry& entry) {
  removeDraft(path);
  if (!entry.exists()) return remove(path);
  const std::string draft = draftOf(path);
  try {
    if (entry.kind == NodeEntry::Kind::kFile) {
      writeDraft(draft, path, entry);
    } else if (::symlink(entry.content.c_str(), draft.c_str()) != 0) {
      throw notWritten(path, errno);
    }
    if (::rename(draft.c_str(), path.c_str()) != 0) throw notWritten(path, errno);
  } catch (const Error&) {
    ::unlink(draft.c_str());
    throw;
  }
  syncFolder(folderOf(path));
}

std::vector<std::string> missingFolders(const std::string& path) {
  std::vector<std::string> missing;
  struct stat info {};
  for (std::string folder = folderOf(path); folder != "/" && ::lstat(folder.c_str(), &info) != 0;
       folder = folderOf(folder)) {
    missing.push_back(folder);
  }
  std::reverse(missing.begin(), missing.end());
  return missing;
}

void putFolder(const std::string& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) != 0) {
    if (errno == EEXIST) return;
    throw notWritten(path, errno);
  }
  if (::chmod(path.c_str(), mode) != 0) throw notWritten(path, errno);
  syncFolder(folderOf(path));
}

void removeEmptyFolder(const std::string& path) { static_cast<void>(::rmdir(path.c_str())); }

}  // namespace rcb
