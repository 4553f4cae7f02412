// What is at a path of the node (nothing, a file, a link), and how it is replaced: at every moment there is either the old entry or the new one,
// complete and on the disk. The process's umask has no effect.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace rcb {

struct NodeEntry {
  enum class Kind { kAbsent, kFile, kLink };

  Kind kind = Kind::kAbsent;
  std::string content = {};  // the bytes of a file, the target of a link as written
  mode_t mode = 0;           // of a file, as are owner and group
  uid_t owner = 0;
  gid_t group = 0;

  bool exists() const { return kind != Kind::kAbsent; }
  bool operator==(const NodeEntry&) const = default;
};

inline constexpr std::size_t kNodeEntryLimit = std::size_t{256} << 20;

// A new file of the caller's, and a new link.
NodeEntry newFile(std::string content, mode_t mode);
NodeEntry newLink(std::string target);

// The entry at `path`; links are not followed. Throws Error(kFileUnreadable), also for a folder, a device, and a file larger than kNodeEntryLimit.
NodeEntry readEntry(const std::string& path);

// Makes `entry` what is at `path`; an absent one removes it. A file that replaces a file gets its SELinux label, a new one its folder's. The new file
// is written as draftOf(path) and then renamed. Throws Error(kWriteFailed); then the old entry is still there.
void putEntry(const std::string& path, const NodeEntry& entry);

// Where putEntry() writes first, in the same folder. No kubelet reads a file of this name.
std::string draftOf(const std::string& path);

// Removes what an interrupted putEntry() may have left.
void removeDraft(const std::string& path);

// The folders on the way to `path` that are missing, outermost first.
std::vector<std::string> missingFolders(const std::string& path);

// Makes a folder with mode 0755, or with `mode`. It may exist already. Throws Error(kWriteFailed).
void putFolder(const std::string& path, mode_t mode = 0755);

// Removes a folder if it is empty.
void removeEmptyFolder(const std::string& path);

}  // namespace rcb
