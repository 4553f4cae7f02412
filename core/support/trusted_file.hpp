// Reading files whose content decides where tokens go: the broker's file, CAs, secrets. A file counts only if nobody but its owner can
// have changed it and that owner is root or the caller (docs/security.md); there is no setting that relaxes this.
#pragma once

#include "core/support/secret.hpp"

#include <sys/stat.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace rcb {

// An open file descriptor, closed when it dies.
class FileHandle {
 public:
  explicit FileHandle(int descriptor = -1) : descriptor_(descriptor) {}
  FileHandle(FileHandle&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  FileHandle& operator=(FileHandle&& other) noexcept;
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  ~FileHandle();
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// Opens `path` (absolute) for reading and checks what was opened: a regular file, owned by root or the caller, not writable by group or
// others; so too every folder above it (a sticky one counts as safe), after links are resolved. `what` names its role in messages ("broker file").
// Throws Error: kFileUntrusted, kFileUnreadable.
FileHandle openTrustedFile(const std::string& path, std::string_view what);

// The whole content. Throws Error as above, and kFileUnreadable if it is larger than `limit`.
Secret readTrustedFile(const std::string& path, std::string_view what, std::size_t limit = std::size_t{1} << 20);

}  // namespace rcb
