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
  // By number, because the portable build's C library has no close_range().
  if (::syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, 0) == 0) return;
  // Linux before 5.9. /proc lists the open descriptors; counting up to the limit could take a million calls.
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

// Fills missing standard descriptors. The next file to be opened would get the number and receive the answer. An O_PATH descriptor
// can be neither read nor written, and needs no device file, which an empty root does not have.
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
  // write() reports what SIGPIPE and SIGXFSZ would. A SIGALRM that the parent left set or pending is discarded by ignoring it once.
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGALRM}) static_cast<void>(::signal(signal, SIG_IGN));
}

}  // namespace rcb
