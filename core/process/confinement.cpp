#include "core/process/confinement.hpp"

#include "core/process/landlock.hpp"
#include "core/process/system_call_filter.hpp"
#include "core/support/file_handle.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>

namespace rcb {
namespace {

// The user without rights of every distribution. Nothing that the program trusts may belong to it (ownership.cpp).
constexpr std::uint32_t kNobody = 65534;

// What name resolution and the system's trust read: their configuration, and libraries that nsswitch.conf names. Links among them are followed.
constexpr const char* kReadable[] = {"/etc",
                                     "/etc/resolv.conf",  // often a link to below /run
                                     "/usr",
                                     "/lib",
                                     "/lib64",
                                     "/nix/store",
                                     "/gnu/store",
                                     "/opt",
                                     "/run/systemd/resolve",
                                     "/run/resolvconf",
                                     "/run/NetworkManager",
                                     "/run/nscd",
                                     "/var/lib/ca-certificates"};

// Libraries, and what the dynamic loader reads to find those that a language's runtime opens late.
constexpr const char* kLibraries[] = {"/etc/ld.so.cache", "/usr/lib",   "/usr/lib64", "/usr/local/lib", "/lib",
                                      "/lib64",           "/nix/store", "/gnu/store"};

// What a resolver reads first. If one of them cannot be read, it silently works with defaults.
constexpr const char* kResolverFiles[] = {"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf"};

bool readsResolverFiles() {
  return std::all_of(std::begin(kResolverFiles), std::end(kResolverFiles), [](const char* path) {
    const FileHandle file(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    return file.get() >= 0 || errno == ENOENT || errno == ENOTDIR;
  });
}

bool setUser(std::uint32_t real, std::uint32_t saved) { return ::syscall(SYS_setresuid, real, real, saved) == 0; }

// Not through the C library, which would do it on all threads, by signals: there is one.
bool leaveGroups() {
  return ::syscall(SYS_setgroups, 0, nullptr) == 0 && ::syscall(SYS_setresgid, kNobody, kNobody, kNobody) == 0;
}

// False if the user cannot be changed here.
bool becomeNobody() {
  if (!leaveGroups()) return false;
  // For a moment root can be taken again, to find out what its successor can read.
  if (!setUser(kNobody, 0)) return false;
  return readsResolverFiles() ? setUser(kNobody, kNobody) : setUser(0, 0);
}

bool dropCapabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[2] = {};
  return ::syscall(SYS_capset, &header, none) == 0;
}

bool hasCapability(unsigned number) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct held[2] = {};
  return ::syscall(SYS_capget, &header, held) == 0 && (held[0].effective >> number & 1) != 0;
}

void limit(int resource, rlim_t most) {
  const rlimit both{most, most};
  ::setrlimit(resource, &both);
}

// What a module may use. A limit that is reached fails what the module asks for; more processor time ends it.
void limitModule(const ModuleConfinement& request) {
  limit(RLIMIT_CPU, 60);  // seconds: more than the longest deadline
  limit(RLIMIT_NOFILE, 512);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_MEMLOCK, 0);
  limit(RLIMIT_MSGQUEUE, 0);
  limit(RLIMIT_SIGPENDING, 256);
  // All threads of this user on the node count, those of other containers too.
  if (::geteuid() == 0) limit(RLIMIT_NPROC, 4096);
  if (request.limitMemory) limit(RLIMIT_DATA, rlim_t{256} << 20);
}

// Whether user and group 65534 exist in this user namespace. A line of a map: first ID here, first ID outside, number of IDs.
bool isMapped(const char* map) {
  const FileHandle file(::open(map, O_RDONLY | O_CLOEXEC));
  char text[4096];
  const ssize_t size = file.get() < 0 ? -1 : ::read(file.get(), text, sizeof text - 1);
  if (size <= 0) return true;  // a kernel without user namespaces
  text[size] = '\0';
  for (char* at = text; *at != '\0';) {
    const unsigned long long first = std::strtoull(at, &at, 10);
    std::strtoull(at, &at, 10);
    const unsigned long long count = std::strtoull(at, &at, 10);
    if (kNobody >= first && kNobody - first < count) return true;
    if (*at != '\n') return false;
    ++at;
  }
  return false;
}

}  // namespace

std::vector<std::string> Confinement::missing() const {
  std::vector<std::string> clauses;
  if (!user)
    clauses.emplace_back("root is kept: user 65534 does not exist in this user namespace, or cannot be taken in it");
  if (!files)
    clauses.emplace_back("files are not confined: the kernel has no Landlock (Linux 5.13), or does not allow it here");
  if (!calls) clauses.emplace_back("system calls are not confined: the kernel takes no seccomp filters here");
  return clauses;
}

Error confinementMissing(const std::string& what, const Confinement& held) {
  std::string clauses;
  for (const std::string& clause : held.missing()) clauses += (clauses.empty() ? "" : "; ") + clause;
  return Error(ErrorCode::kConfinementMissing, what + ", which the broker file requires: " + clauses)
      .advise("remove `confinement: required`, or run the program where the kernel allows it");
}

Confinement availableConfinement() {
  const bool canChange = isMapped("/proc/self/uid_map") && isMapped("/proc/self/gid_map") &&
                         hasCapability(CAP_SETUID) && hasCapability(CAP_SETGID);
  return {.user = ::geteuid() != 0 || canChange, .files = landlockVersion() > 0, .calls = filtersSystemCalls()};
}

// A build that is instrumented writes what it has counted when it ends, or looks through its own memory for leaks.
#if defined(RCB_COVERAGE) || defined(RCB_SANITIZED)
constexpr bool kConfines = false;
#else
constexpr bool kConfines = true;
#endif

Confinement confineModule(const ModuleConfinement& request) {
  if (!kConfines) return {false, false, false};
  limitModule(request);
  Confinement held;
  held.files =
      confineToReading(std::vector<std::string>(std::begin(kLibraries), std::end(kLibraries)), request.files) == 0;
  if (::geteuid() == 0) {
    held.user = leaveGroups() && setUser(kNobody, kNobody);
    held.user = dropCapabilities() && held.user;
  }
  // Forgotten when the user changes.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  held.calls = filterSystemCalls(Filtered::kModule) == 0;
  return held;
}

Confinement confine(const ConfinementRequest& request) {
  if (!kConfines) return {false, false, false};
  Confinement held;
  std::vector<std::string> readable(std::begin(kReadable), std::end(kReadable));
  readable.insert(readable.end(), request.folders.begin(), request.folders.end());
  held.files = confineToReading(readable) == 0;
  if (::geteuid() == 0) {
    held.user = request.keepUser || becomeNobody();
    held.user = dropCapabilities() && held.user;
  }
  held.calls = filterSystemCalls(Filtered::kRun) == 0;
  return held;
}

}  // namespace rcb
