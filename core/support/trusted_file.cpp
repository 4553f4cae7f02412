#include "core/support/trusted_file.hpp"

#include "core/support/error.hpp"
#include "core/support/ownership.hpp"
#include "core/support/printable.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace rcb {
namespace {

constexpr std::string_view kFolder = "folder";

struct CloseFolder {
  void operator()(DIR* stream) const { ::closedir(stream); }
};

std::optional<TrustedPlace> findFolder(const std::string& path, std::string_view what) {
  auto place = findTrustedPlace(path, what);
  if (place && !place->name.empty()) throw fileUnreadable(what, path, std::strerror(ENOTDIR));
  return place;
}

TrustedPlace require(std::optional<TrustedPlace> place, const std::string& path, std::string_view what) {
  if (!place) throw fileUnreadable(what, path, std::strerror(ENOENT));
  return std::move(*place);
}

}  // namespace

Secret OpenedFile::read(std::size_t limit) const {
  const auto unreadable = [this](const std::string& why) {
    return Error(ErrorCode::kFileUnreadable, role_ + " cannot be read: " + why);
  };
  Secret content;
  // One byte more than expected, so that the last read() returns the end of the file.
  const std::size_t expected = info_.st_size > 0 ? std::min(static_cast<std::size_t>(info_.st_size), limit) + 1 : 0;
  while (content.size() <= limit) {
    constexpr std::size_t kChunk = 4096;
    const std::size_t wanted = content.size() < expected ? expected - content.size() : kChunk;
    const ssize_t got = ::read(handle_.get(), content.prepare(wanted), wanted);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw unreadable(std::strerror(errno));
    if (got == 0) return content;
    content.commit(static_cast<std::size_t>(got));
  }
  throw unreadable("it is larger than " + std::to_string(limit) + " bytes");
}

OpenedFile openTrustedPlace(const TrustedPlace& place, const std::string& path, std::string_view what,
                            FileContent content) {
  const auto regular = [](const struct stat& info) { return S_ISREG(info.st_mode); };
  // Checked before opening, since opening a device may have side effects.
  if (place.name.empty() || !regular(place.info)) throw fileUnreadable(what, path, "it is not a regular file");
  // Non-blocking, since the file may have been replaced by a FIFO.
  FileHandle file(
      ::openat(place.folder.get(), place.name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat info;
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) throw fileUnreadable(what, path, std::strerror(errno));
  if (!regular(info) || info.st_dev != place.info.st_dev) {
    throw fileUnreadable(what, path, "it was replaced while being opened");
  }
  const std::string subject = place.path == path ? "it" : "the file " + printable(place.path);
  const std::string_view mode = content == FileContent::kSecret ? "0600" : "0644 or stricter";
  if (auto fault = findOwnershipFault(info, place.shared, subject, mode)) {
    throw fileUntrusted(what, path, fault->why).advise(std::move(fault->advice));
  }
  return {std::move(file), info, "the " + std::string(what) + " " + printable(path)};
}

OpenedFile openTrustedFile(const std::string& path, std::string_view what, FileContent content) {
  return openTrustedPlace(require(findTrustedPlace(path, what), path, what), path, what, content);
}

std::optional<OpenedFile> findTrustedFile(const std::string& path, std::string_view what, FileContent content) {
  const auto place = findTrustedPlace(path, what);
  if (!place) return std::nullopt;
  return openTrustedPlace(*place, path, what, content);
}

Secret readTrustedFile(const std::string& path, std::string_view what, std::size_t limit, FileContent content) {
  return openTrustedFile(path, what, content).read(limit);
}

Secret readSecretFile(const std::string& path, std::string_view what) {
  return readTrustedFile(path, what, kTrustedFileLimit, FileContent::kSecret);
}

TrustedFolder::TrustedFolder(const std::string& path, std::string_view what)
    : place_(require(findFolder(path, what), path, what)) {}

std::optional<TrustedFolder> findTrustedFolder(const std::string& path, std::string_view what) {
  auto place = findFolder(path, what);
  if (!place) return std::nullopt;
  return TrustedFolder(std::move(*place));
}

std::optional<OpenedFile> TrustedFolder::find(const std::string& name, std::string_view what,
                                              FileContent content) const {
  const auto place = findTrustedPlace(place_, name, what);
  if (!place) return std::nullopt;
  return openTrustedPlace(*place, (place_.path == "/" ? "" : place_.path) + "/" + name, what, content);
}

std::vector<std::string> TrustedFolder::names(std::size_t limit) const {
  FileHandle folder(::openat(place_.folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, CloseFolder> stream(folder.get() < 0 ? nullptr : ::fdopendir(folder.get()));
  if (!stream) throw fileUnreadable(kFolder, place_.path, std::strerror(errno));
  folder.release();
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (names.size() == limit) {
      throw fileUnreadable(kFolder, place_.path, "it has more than " + std::to_string(limit) + " entries");
    }
    names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace rcb
