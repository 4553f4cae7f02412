// What `install` did to this node, kept on it: each file with its original, so that `uninstall` gives the bytes back, and what has to be finished if
// a run was interrupted. The state is written before the file that it is about, so it is right at every moment.
#pragma once

#include "core/node/node_entry.hpp"
#include "core/support/deadline.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

inline constexpr std::string_view kStateFolder = "/var/lib/registry-credential-broker";

// In the order in which files are written: what a file names exists before it.
enum class FileRole { kProgram, kName, kBrokerFile, kProviderFile, kFlags };

std::string_view roleName(FileRole role);  // "provider-file"

// An entry whose bytes are in the state folder, under their SHA-256.
struct SavedEntry {
  NodeEntry entry;     // of a file without its content
  std::string digest;  // of the content of a file; 64 hexadecimal digits
  bool operator==(const SavedEntry&) const = default;
};

struct InstalledFile {
  std::string path;
  FileRole role = FileRole::kProgram;
  SavedEntry original;               // what the file would be without us
  std::optional<SavedEntry> before;  // to go back to, as long as no kubelet has proven what was written last
  std::vector<std::string>
      written;  // fingerprints of what we wrote: the present content, and the next one while it is being written
};

// What a kubelet did not start with.
struct RefusedContent {
  std::string digest;
  std::string reason;
};

// How the flags got to the kubelet, for their removal from a file that others have changed since.
struct InstalledFlags {
  std::string variable;       // of an environment file; empty: a file with one argument on each line
  std::string providerPath;   // of --image-credential-provider-config
  std::string programFolder;  // of --image-credential-provider-bin-dir
};

struct InstallState {
  std::vector<InstalledFile> files;
  std::vector<std::string> folders;  // that we made, outermost first
  InstalledFlags flags;
  std::string
      unread;  // fingerprint of the kubelet that was started before the last write to what it reads at its start; empty: none
  bool undoing = false;  // the kubelet did not come up: `before` is being put back
  std::vector<RefusedContent> refused;

  const InstalledFile* find(std::string_view path) const;
};

// Identifies content: "absent", "link:" and the target, or the SHA-256 of a file.
std::string fingerprintOf(const NodeEntry& entry);

// SHA-256 in hexadecimal.
std::string hexDigest(std::string_view bytes);

// The state as JSON and back. Throws Error(kFileUnreadable) for anything that writeState() does not write.
std::string writeState(const InstallState& state);
InstallState readState(std::string_view text);

// The folder of the state.
class StateStore {
 public:
  explicit StateStore(std::string folder);

  const std::string& folder() const { return folder_; }

  // An empty state if there is none. Throws Error: kFileUntrusted, kFileUnreadable.
  InstallState read() const;
  // Throws Error(kWriteFailed). Writes nothing if the state is the same.
  void write(const InstallState& state) const;

  // Keeps the content of an entry; the other way round. Throws Error: kWriteFailed, kFileUnreadable.
  SavedEntry save(const NodeEntry& entry) const;
  NodeEntry load(const SavedEntry& saved) const;

  // Removes content that the state does not refer to.
  void prune(const InstallState& state) const;
  // Removes the state and its folder.
  void remove() const;

 private:
  std::string stateFile() const;
  std::string contentFile(const std::string& digest) const;

  std::string folder_;
};

// Keeps other runs of `install` and `uninstall` on this node waiting as long as it lives. Without `create` a folder that is not there is not locked.
// Throws Error: kDeadline, kWriteFailed.
class StateLock {
 public:
  StateLock(const std::string& folder, bool create, const Deadline& deadline);
  ~StateLock();
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;

  // False if there is no folder.
  bool held() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

}  // namespace rcb
