#include "core/app/process_hardening.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

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

}  // namespace

void hardenProcess() {
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  // A missing standard descriptor would be given to the next file that is opened, and our answer written into it.
  int descriptor = ::open("/dev/null", O_RDWR);
  if (descriptor < 0) descriptor = ::memfd_create("nothing", 0);  // an empty root has no devices
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = ::dup(descriptor);
  closeInherited();
  ::umask(077);
  static_cast<void>(::signal(SIGPIPE, SIG_IGN));
}

}  // namespace rcb
