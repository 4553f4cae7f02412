#include "core/node/install_state.hpp"

#include "core/net/digest.hpp"
#include "core/node/node_files.hpp"
#include "core/support/deadline.hpp"
#include "core/support/error.hpp"
#include "core/support/file_handle.hpp"
#include "core/support/hex.hpp"
#include "core/support/json.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/trusted_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace rcb {
namespace {

constexpr std::int64_t kFormat = 1;
constexpr std::size_t kStateLimit = std::size_t{4} << 20;
constexpr std::array<std::string_view, 5> kRoles = {"program", "name", "broker-file", "provider-file", "flags"};

Error invalidState(const std::string& why) {
  return Error(ErrorCode::kFileUnreadable, "the state of this node's installation is invalid: " + why)
      .with("file", std::string(kStateFolder) + "/state.json")
      .advise("restore the file, or remove its folder and undo by hand what `install` did");
}

// --- Writing ---

using Writer = JsonWriter<std::string>;

void writeSaved(Writer& writer, std::string_view name, const SavedEntry& saved) {
  writer.key(name);
  writer.beginObject();
  if (saved.entry.kind == NodeEntry::Kind::kLink) writer.member("link", saved.entry.content);
  if (saved.entry.kind == NodeEntry::Kind::kFile) {
    writer.member("sha256", saved.digest);
    writer.member("mode", static_cast<std::int64_t>(saved.entry.mode));
    writer.member("owner", static_cast<std::int64_t>(saved.entry.owner));
    writer.member("group", static_cast<std::int64_t>(saved.entry.group));
  }
  writer.endObject();
}

void writeFile(Writer& writer, const InstalledFile& file) {
  writer.beginObject();
  writer.member("path", file.path);
  writer.member("role", roleName(file.role));
  writeSaved(writer, "original", file.original);
  if (file.before) writeSaved(writer, "before", *file.before);
  writer.strings("written", file.written);
  writer.endObject();
}

// --- Reading ---

const Json& member(const Json& object, std::string_view name) {
  const Json* found = object.find(name);
  if (found == nullptr) throw invalidState("\"" + std::string(name) + "\" is missing");
  return *found;
}

std::string text(const Json& object, std::string_view name) {
  const std::string_view* value = member(object, name).string();
  if (value == nullptr) throw invalidState("\"" + std::string(name) + "\" is not a string");
  return std::string(*value);
}

std::int64_t number(const Json& object, std::string_view name, std::int64_t most) {
  const std::int64_t* value = member(object, name).integer();
  if (value == nullptr || *value < 0 || *value > most) {
    throw invalidState("\"" + std::string(name) + "\" is not a number from 0 to " + std::to_string(most));
  }
  return *value;
}

const Json::Array& list(const Json& object, std::string_view name) {
  const Json::Array* value = member(object, name).array();
  if (value == nullptr) throw invalidState("\"" + std::string(name) + "\" is not an array");
  return *value;
}

std::vector<std::string> strings(const Json& object, std::string_view name) {
  std::vector<std::string> texts;
  for (const Json& one : list(object, name)) {
    if (one.string() == nullptr)
      throw invalidState("\"" + std::string(name) + "\" has an element that is not a string");
    texts.emplace_back(*one.string());
  }
  return texts;
}

// An absolute path, as every one that was written.
std::string path(std::string value) {
  if (value.empty() || value.front() != '/') throw invalidState("a path is not absolute");
  return value;
}

bool isDigest(std::string_view value) { return value.size() == 64 && decodeHex(value).has_value(); }

SavedEntry savedEntry(const Json& object, std::string_view name) {
  const Json& saved = member(object, name);
  if (saved.object() == nullptr) throw invalidState("\"" + std::string(name) + "\" is not an object");
  SavedEntry result;
  if (saved.find("link") != nullptr) {
    result.entry = newLink(text(saved, "link"));
  } else if (saved.find("sha256") != nullptr) {
    constexpr std::int64_t kMostId = 0xffffffff;
    result.entry.kind = NodeEntry::Kind::kFile;
    result.entry.mode = static_cast<mode_t>(number(saved, "mode", 07777));
    result.entry.owner = static_cast<uid_t>(number(saved, "owner", kMostId));
    result.entry.group = static_cast<gid_t>(number(saved, "group", kMostId));
    result.digest = text(saved, "sha256");
    if (!isDigest(result.digest)) throw invalidState("\"sha256\" is not a SHA-256");
  }
  return result;
}

InstalledFile installedFile(const Json& object) {
  InstalledFile file;
  file.path = path(text(object, "path"));
  const std::string role = text(object, "role");
  const auto* const found = std::find(kRoles.begin(), kRoles.end(), role);
  if (found == kRoles.end()) throw invalidState("a file has no known role");
  file.role = static_cast<FileRole>(found - kRoles.begin());
  file.original = savedEntry(object, "original");
  if (object.find("before") != nullptr) file.before = savedEntry(object, "before");
  file.written = strings(object, "written");
  return file;
}

bool refersTo(const InstallState& state, const std::string& digest) {
  return std::any_of(state.files.begin(), state.files.end(), [&digest](const InstalledFile& file) {
    return file.original.digest == digest || (file.before && file.before->digest == digest);
  });
}

}  // namespace

std::string_view roleName(FileRole role) { return kRoles.at(static_cast<std::size_t>(role)); }

const InstalledFile* InstallState::find(std::string_view place) const {
  const auto found = std::find_if(files.begin(), files.end(), [place](const auto& file) { return file.path == place; });
  return found == files.end() ? nullptr : &*found;
}

std::string hexDigest(std::string_view bytes) { return std::string(encodeHex(sha256(bytes).reveal()).reveal()); }

std::string fingerprintOf(const NodeEntry& entry) {
  switch (entry.kind) {
    case NodeEntry::Kind::kAbsent:
      return "absent";
    case NodeEntry::Kind::kLink:
      return "link:" + entry.content;
    case NodeEntry::Kind::kFile:
      return hexDigest(entry.content);
  }
  return {};
}

std::string writeState(const InstallState& state) {
  std::string text;
  Writer writer(text, true);
  writer.beginObject();
  writer.member("format", kFormat);
  writer.key("files");
  writer.beginArray();
  for (const InstalledFile& file : state.files) writeFile(writer, file);
  writer.endArray();
  writer.strings("folders", state.folders);
  writer.key("flags");
  writer.beginObject();
  writer.member("variable", state.flags.variable);
  writer.member("image-credential-provider-config", state.flags.providerPath);
  writer.member("image-credential-provider-bin-dir", state.flags.programFolder);
  writer.endObject();
  writer.member("unread", state.unread);
  writer.member("undoing", state.undoing);
  writer.key("refused");
  writer.beginArray();
  for (const RefusedContent& refused : state.refused) {
    writer.beginObject();
    writer.member("sha256", refused.digest);
    writer.member("reason", refused.reason);
    writer.endObject();
  }
  writer.endArray();
  writer.endObject();
  return text + "\n";
}

InstallState readState(std::string_view json) {
  const auto parsed = parseJson(json, {.bytes = kStateLimit});
  if (const auto* problem = std::get_if<JsonProblem>(&parsed)) throw invalidState(problem->reason);
  const Json& root = std::get<Json>(parsed);
  if (number(root, "format", 0xffff) != kFormat)
    throw invalidState("it was written by another version of this program");
  InstallState state;
  for (const Json& file : list(root, "files")) state.files.push_back(installedFile(file));
  for (std::string& folder : strings(root, "folders")) state.folders.push_back(path(std::move(folder)));
  const Json& flags = member(root, "flags");
  state.flags = {text(flags, "variable"), text(flags, "image-credential-provider-config"),
                 text(flags, "image-credential-provider-bin-dir")};
  state.unread = text(root, "unread");
  const bool* undoing = member(root, "undoing").boolean();
  if (undoing == nullptr) throw invalidState("\"undoing\" is neither true nor false");
  state.undoing = *undoing;
  for (const Json& refused : list(root, "refused")) {
    state.refused.push_back({text(refused, "sha256"), text(refused, "reason")});
  }
  return state;
}

// --- The folder ---

StateStore::StateStore(std::string folder) : folder_(std::move(folder)) {}

std::string StateStore::stateFile() const { return folder_ + "/state.json"; }

std::string StateStore::contentFile(const std::string& digest) const { return folder_ + "/" + digest; }

InstallState StateStore::read() const {
  const auto file = findTrustedFile(stateFile(), "state file");
  return file ? readState(file->read(kStateLimit).reveal()) : InstallState();
}

void StateStore::write(const InstallState& state) const {
  const NodeEntry wanted = newFile(writeState(state), 0600);
  if (readEntry(stateFile()) != wanted) putEntry(stateFile(), wanted);
}

SavedEntry StateStore::save(const NodeEntry& entry) const {
  SavedEntry saved{entry, {}};
  if (entry.kind != NodeEntry::Kind::kFile) return saved;
  saved.digest = hexDigest(entry.content);
  saved.entry.content.clear();
  const std::string file = contentFile(saved.digest);
  const NodeEntry kept = newFile(entry.content, 0600);
  if (readEntry(file) != kept) putEntry(file, kept);
  return saved;
}

NodeEntry StateStore::load(const SavedEntry& saved) const {
  NodeEntry entry = saved.entry;
  if (entry.kind != NodeEntry::Kind::kFile) return entry;
  entry.content = readTrustedFile(contentFile(saved.digest), "saved file", kNodeEntryLimit).reveal();
  if (hexDigest(entry.content) != saved.digest) throw invalidState("the saved file " + saved.digest + " was changed");
  return entry;
}

void StateStore::prune(const InstallState& state) const {
  for (const std::string& name : namesIn(folder_)) {
    if (isDigest(name) && !refersTo(state, name)) putEntry(contentFile(name), {});
  }
}

void StateStore::remove() const {
  // From here on there is no installation; what is left until the end is of no use to anyone.
  putEntry(stateFile(), {});
  for (const std::string& name : namesIn(folder_)) putEntry(folder_ + "/" + name, {});
  removeEmptyFolder(folder_);
}

StateLock::StateLock(const std::string& folder, bool create, const Deadline& deadline) {
  for (;;) {
    if (create) {
      for (const std::string& missing : missingFolders(folder)) putFolder(missing);
      putFolder(folder, 0700);
    }
    FileHandle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (handle.get() < 0 && errno == ENOENT && !create) return;
    if (handle.get() < 0) throw fileUnreadable("state folder", folder, std::strerror(errno));
    while (::flock(handle.get(), LOCK_EX | LOCK_NB) != 0) {
      if (deadline.passed()) {
        throw Error(ErrorCode::kDeadline,
                    "another run of `install` or `uninstall` on this node did not end before the deadline");
      }
      const timespec pause{0, 50'000'000};
      ::nanosleep(&pause, nullptr);
    }
    // The run before may have removed the folder.
    struct stat held {};
    struct stat named {};
    if (::fstat(handle.get(), &held) == 0 && ::stat(folder.c_str(), &named) == 0 && held.st_ino == named.st_ino) {
      descriptor_ = handle.release();
      return;
    }
  }
}

StateLock::~StateLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace rcb
