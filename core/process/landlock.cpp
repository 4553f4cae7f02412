#include "core/process/landlock.hpp"

#include "core/support/file_handle.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace rcb {
namespace {

// The kernel's interface (landlock(7)). Not of <linux/landlock.h>: the headers of a build are often older than the kernels that it runs on.
constexpr long kCreateRuleset = 444;  // on every architecture
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;
constexpr unsigned kQueryVersion = 1;
constexpr int kPathBeneath = 1;

constexpr std::uint64_t kReadFile = 1 << 2;
constexpr std::uint64_t kReadFolder = 1 << 3;
constexpr std::uint64_t kBindTcp = 1 << 0;

struct Ruleset {
  std::uint64_t handledFiles;
  std::uint64_t handledNetwork;  // since version 4
};

struct [[gnu::packed]] PathRule {
  std::uint64_t allowed;
  std::int32_t parent;
};

// Every right on files that a version knows: thirteen at first, then linking elsewhere (2), truncating (3), and ioctl() on devices (5).
std::uint64_t fileRights(int version) {
  const int rights = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;
  return (std::uint64_t{1} << rights) - 1;
}

void allowReading(int ruleset, int place) {
  struct stat info {};
  if (place < 0 || ::fstat(place, &info) != 0) return;
  const PathRule rule{S_ISDIR(info.st_mode) ? kReadFile | kReadFolder : kReadFile, place};
  // A failure leaves the path closed.
  ::syscall(kAddRule, ruleset, kPathBeneath, &rule, 0);
}

}  // namespace

int landlockVersion() {
  const long version = ::syscall(kCreateRuleset, nullptr, 0, kQueryVersion);
  return version > 0 ? static_cast<int>(version) : 0;
}

int confineToReading(std::span<const std::string> paths, std::span<const int> files) {
  const int version = landlockVersion();
  if (version == 0) return errno == 0 ? ENOSYS : errno;
  const Ruleset wanted{fileRights(version), kBindTcp};
  const std::size_t size = version >= 4 ? sizeof wanted : sizeof wanted.handledFiles;
  const FileHandle ruleset(static_cast<int>(::syscall(kCreateRuleset, &wanted, size, 0)));
  if (ruleset.get() < 0) return errno;
  for (const std::string& path : paths) {
    allowReading(ruleset.get(), FileHandle(::open(path.c_str(), O_PATH | O_CLOEXEC)).get());
  }
  for (const int file : files) allowReading(ruleset.get(), file);
  return ::syscall(kRestrictSelf, ruleset.get(), 0) == 0 ? 0 : errno;
}

}  // namespace rcb
