// Reads files whose content decides where tokens are sent: the broker file, CA files, secrets, modules. A file is trusted only if no user other than
// root and the caller could have changed it or its path (trusted_path.hpp; docs/security.md). No setting relaxes this.
#pragma once

#include "core/support/file_handle.hpp"
#include "core/support/secret.hpp"
#include "core/support/trusted_path.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

inline constexpr std::size_t kTrustedFileLimit = std::size_t{1} << 20;

// The content decides which mode is advised: secrets should be readable by their owner only.
enum class FileContent { kPublic, kSecret };

// A regular file, open for reading, whose owner and mode were checked after it was opened.
class OpenedFile {
 public:
  OpenedFile(FileHandle handle, const struct stat& info, std::string role)
      : handle_(std::move(handle)), info_(info), role_(std::move(role)) {}

  int get() const { return handle_.get(); }
  FileHandle release() && { return std::move(handle_); }
  const struct stat& info() const { return info_; }
  mode_t mode() const { return info_.st_mode & 07777; }
  // Never a reason for refusal: public files are meant to be readable, and Kubernetes mounts secrets with this mode.
  bool readableByOthers() const { return (info_.st_mode & S_IROTH) != 0; }

  // The whole content. Can be called once. Throws Error(kFileUnreadable) if it is larger than `limit` bytes.
  Secret read(std::size_t limit = kTrustedFileLimit) const;

 private:
  FileHandle handle_;
  struct stat info_;
  std::string role_;  // for messages: "the broker file /etc/…"
};

// Opens `path`, which must be absolute. `what` is the file's role in messages ("broker file"). Throws Error: kFileUntrusted, kFileUnreadable.
OpenedFile openTrustedFile(const std::string& path, std::string_view what, FileContent content = FileContent::kPublic);

// The same for a place that was found already (trusted_path.hpp). `path` is its name in messages.
OpenedFile openTrustedPlace(const TrustedPlace& place, const std::string& path, std::string_view what,
                            FileContent content = FileContent::kPublic);

// As openTrustedFile(), but no value if a component of `path` does not exist. Anything else is still an error: a dangling link, a folder without
// search permission, a file in the place of a folder.
std::optional<OpenedFile> findTrustedFile(const std::string& path, std::string_view what,
                                          FileContent content = FileContent::kPublic);

// The whole content. Throws Error as above, and kFileUnreadable if it is larger than `limit` bytes.
Secret readTrustedFile(const std::string& path, std::string_view what, std::size_t limit = kTrustedFileLimit,
                       FileContent content = FileContent::kPublic);

// The same for a file that contains a secret.
Secret readSecretFile(const std::string& path, std::string_view what);

// A folder on a trusted path, held open: files are opened in this very folder, even if another one has taken its place since, and pass the same
// checks.
class TrustedFolder {
 public:
  // Opens `path`, which must be absolute. Throws Error: kFileUntrusted, kFileUnreadable.
  TrustedFolder(const std::string& path, std::string_view what);

  // Absolute, without links.
  const std::string& path() const { return place_.path; }

  // Opens the file of this name in the folder, or the target of a link of this name, which may be elsewhere. No value if the folder has no such
  // entry. Throws Error: kFileUntrusted, kFileUnreadable.
  std::optional<OpenedFile> find(const std::string& name, std::string_view what,
                                 FileContent content = FileContent::kPublic) const;

  // The names of the folder's entries, sorted, without "." and "..". Throws Error(kFileUnreadable), also for more than `limit` entries.
  std::vector<std::string> names(std::size_t limit = 10'000) const;

 private:
  friend std::optional<TrustedFolder> findTrustedFolder(const std::string& path, std::string_view what);
  explicit TrustedFolder(TrustedPlace place) : place_(std::move(place)) {}
  TrustedPlace place_;
};

// The folder; no value if a component of `path` does not exist. Throws Error: kFileUntrusted, kFileUnreadable.
std::optional<TrustedFolder> findTrustedFolder(const std::string& path, std::string_view what);

}  // namespace rcb
