// Reading files whose content decides where tokens go: the broker's file, CAs, secrets, modules. A file counts only if nobody but root or the caller
// can have changed it, or what lies on the way to it (trusted_path.hpp; docs/security.md); there is no setting that relaxes this.
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

// What a file holds decides what is advised: secrets are for their owner alone.
enum class FileContent { kPublic, kSecret };

// A regular file, open for reading, that was checked after it had been opened.
class OpenedFile {
 public:
  OpenedFile(FileHandle handle, const struct stat& info, std::string role)
      : handle_(std::move(handle)), info_(info), role_(std::move(role)) {}

  int get() const { return handle_.get(); }
  FileHandle release() && { return std::move(handle_); }
  const struct stat& info() const { return info_; }
  mode_t mode() const { return info_.st_mode & 07777; }
  // Not a fault by itself, and never refused: a public file is meant to be, and Kubernetes mounts its secrets so.
  bool readableByOthers() const { return (info_.st_mode & S_IROTH) != 0; }

  // The whole content, from the beginning; once. Throws Error(kFileUnreadable) if it is larger than `limit`.
  Secret read(std::size_t limit = kTrustedFileLimit) const;

 private:
  FileHandle handle_;
  struct stat info_;
  std::string role_;  // "the broker file /etc/…"
};

// Opens `path` (absolute). `what` names the file's role in messages ("broker file"). Throws Error: kFileUntrusted, kFileUnreadable.
OpenedFile openTrustedFile(const std::string& path, std::string_view what, FileContent content = FileContent::kPublic);

// The same for a place that has been found already (trusted_path.hpp); `path` is what the operator calls it.
OpenedFile openTrustedPlace(const TrustedPlace& place, const std::string& path, std::string_view what,
                            FileContent content = FileContent::kPublic);

// As openTrustedFile(); nothing if one of the names written in `path` is not in its folder. Whatever else is wrong is an error: a link that leads nowhere, a
// folder that may not be searched, a file in a folder's place.
std::optional<OpenedFile> findTrustedFile(const std::string& path, std::string_view what,
                                          FileContent content = FileContent::kPublic);

// The whole content. Throws Error as above, and kFileUnreadable if it is larger than `limit`.
Secret readTrustedFile(const std::string& path, std::string_view what, std::size_t limit = kTrustedFileLimit,
                       FileContent content = FileContent::kPublic);

// The content of a file that holds a secret: the same, with advice to match.
Secret readSecretFile(const std::string& path, std::string_view what);

// A folder that was reached on a trusted path and is held open: what is opened in it later is opened in this folder, whatever has been put into its
// place since, and passes the same checks.
class TrustedFolder {
 public:
  // Opens `path` (absolute). Throws Error: kFileUntrusted, kFileUnreadable.
  TrustedFolder(const std::string& path, std::string_view what);

  // Absolute, without links.
  const std::string& path() const { return place_.path; }

  // Opens the file of this name in it, or the one that a link of this name leads to, wherever that lies. Nothing if the folder has no such entry.
  // Throws Error: kFileUntrusted, kFileUnreadable.
  std::optional<OpenedFile> find(const std::string& name, std::string_view what,
                                 FileContent content = FileContent::kPublic) const;

  // The names of what is in it, without "." and "..", sorted; at most `limit`, so that a huge folder ends. Throws Error(kFileUnreadable).
  std::vector<std::string> names(std::size_t limit = 10'000) const;

 private:
  friend std::optional<TrustedFolder> findTrustedFolder(const std::string& path, std::string_view what);
  explicit TrustedFolder(TrustedPlace place) : place_(std::move(place)) {}
  TrustedPlace place_;
};

// The folder; nothing if one of the names written in `path` is not in its folder. Throws Error: kFileUntrusted, kFileUnreadable.
std::optional<TrustedFolder> findTrustedFolder(const std::string& path, std::string_view what);

}  // namespace rcb
