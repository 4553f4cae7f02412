#include "core/process/process_hardening.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <initializer_list>

namespace rcb {
namespace {

// Every descriptor above the standard ones.
void closeInherited() {
  // By number: the portable build's C library is older than its function for this.
  if (::syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, 0) == 0) return;
  // Linux before 5.9. What is open stands in /proc; the limit, by which the numbers would end, may be a million.
  if (DIR* const open = ::opendir("/proc/self/fd")) {
    while (const dirent* entry = ::readdir(open)) {
      const int descriptor = std::atoi(entry->d_name);
      if (descriptor > STDERR_FILENO && descriptor != ::dirfd(open)) ::close(descriptor);
    }
    ::closedir(open);
    return;
  }
  const long most = ::sysconf(_SC_OPEN_MAX);
  for (int descriptor = STDERR_FILENO + 1; descriptor < most; ++descriptor) ::close(descriptor);
}

// A missing standard descriptor would be given to the next file that is opened, and our answer written into it. A descriptor that is only a path
// takes the place and can neither be read nor written, and needs no device, which an empty root has not.
void holdMissingStreams() {
  int descriptor = ::open("/", O_PATH);
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = ::dup(descriptor);
}

}  // namespace

void hardenProcess() {
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  holdMissingStreams();
  closeInherited();
  ::umask(077);
  // What the two tell of, the write itself reports. An alarm that was set or is pending from before our exec is nothing of ours; being ignored
  // once throws it away.
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGALRM}) static_cast<void>(::signal(signal, SIG_IGN));
}

}  // namespace rcb
