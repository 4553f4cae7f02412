#include "core/node/node_changes.hpp"

#include "core/support/error.hpp"

#include <algorithm>
#include <utility>

namespace rcb {
namespace {

bool isReadAtStart(FileRole role) { return role == FileRole::kProviderFile || role == FileRole::kFlags; }

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

InstalledFile& recordOf(InstallState& state, const NodeChange& change, const StateStore& store) {
  const auto found = std::find_if(state.files.begin(), state.files.end(),
                                  [&change](const InstalledFile& file) { return file.path == change.path; });
  if (found != state.files.end()) return *found;
  state.files.push_back({change.path, change.role, store.save(change.base), {}, {}});
  return state.files.back();
}

void record(InstallState& state, const NodeChange& change, const StateStore& store) {
  InstalledFile& file = recordOf(state, change, store);
  const std::string present = fingerprintOf(change.present);
  const bool ours = contains(file.written, present);
  // Another program has written the file since: from now on that is what it would be without us.
  if (!ours && !file.written.empty()) file.original = store.save(change.base);
  if (!ours || !file.before) file.before = store.save(change.present);
  file.written.clear();
  if (ours) file.written.push_back(present);
  file.written.push_back(fingerprintOf(change.wanted));
}

struct Put {
  std::string path;
  FileRole role;
  NodeEntry entry;
};

// What is removed may be named by what is written, so it goes last, and what names it goes first.
void putAll(std::vector<Put> puts) {
  std::stable_sort(puts.begin(), puts.end(), [](const Put& a, const Put& b) {
    if (a.entry.exists() != b.entry.exists()) return a.entry.exists();
    return a.entry.exists() ? a.role < b.role : a.role > b.role;
  });
  for (const Put& put : puts) putEntry(put.path, put.entry);
}

void make(const std::vector<NodeChange>& changes, const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) putFolder(folder);
  std::vector<Put> puts;
  for (const NodeChange& change : changes) {
    if (change.changes()) puts.push_back({change.path, change.role, change.wanted});
  }
  putAll(std::move(puts));
}

// As if nothing had been written. The kubelet has read none of it.
void takeBack(InstallState& state, const StateStore& store, const std::string& unread) {
  undoChanges(state, store, unread);
  state.unread = unread;
  settleChanges(state, store);
}

}  // namespace

bool needRestart(const std::vector<NodeChange>& changes) {
  return std::any_of(changes.begin(), changes.end(),
                     [](const NodeChange& change) { return change.changes() && isReadAtStart(change.role); });
}

void writeChanges(InstallState& state, const StateStore& store, const std::vector<NodeChange>& changes,
                  const std::vector<std::string>& folders, const std::string& reader) {
  const std::string unread = state.unread;
  for (const NodeChange& change : changes) {
    if (change.changes()) record(state, change, store);
  }
  for (const std::string& folder : folders) {
    if (!contains(state.folders, folder)) state.folders.push_back(folder);
  }
  if (needRestart(changes)) state.unread = reader;
  store.write(state);
  try {
    make(changes, folders);
  } catch (const Error&) {
    takeBack(state, store, unread);
    throw;
  }
}

void undoChanges(InstallState& state, const StateStore& store, const std::string& reader) {
  std::vector<Put> puts;
  for (InstalledFile& file : state.files) {
    if (!file.before) continue;
    NodeEntry entry = store.load(*file.before);
    const std::string fingerprint = fingerprintOf(entry);
    if (!contains(file.written, fingerprint)) file.written.push_back(fingerprint);
    if (readEntry(file.path) != entry) puts.push_back({file.path, file.role, std::move(entry)});
  }
  const bool read = std::any_of(puts.begin(), puts.end(), [](const Put& put) { return isReadAtStart(put.role); });
  if (read) state.unread = reader;
  store.write(state);
  putAll(std::move(puts));
}

void settleChanges(InstallState& state, const StateStore& store) {
  std::vector<InstalledFile> kept;
  for (InstalledFile& file : state.files) {
    file.before.reset();
    removeDraft(file.path);
    const NodeEntry present = readEntry(file.path);
    NodeEntry original = file.original.entry;
    const bool same = present.kind == original.kind &&
                      (present.kind != NodeEntry::Kind::kFile || hexDigest(present.content) == file.original.digest) &&
                      (present.kind != NodeEntry::Kind::kLink || present.content == original.content);
    if (same) continue;
    const std::string fingerprint = fingerprintOf(present);
    if (contains(file.written, fingerprint)) file.written = {fingerprint};
    kept.push_back(std::move(file));
  }
  state.files = std::move(kept);
  store.write(state);
  store.prune(state);
}

}  // namespace rcb
