#include "tests/confinement/attempts.hpp"

#include <fcntl.h>
#include <linux/io_uring.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace rcb::test {
namespace {

template <class... Arguments>
int call(long number, Arguments... arguments) {
  return ::syscall(number, arguments...) < 0 ? errno : 0;
}

int openFile(const char* path, int flags) {
  const long file = ::syscall(SYS_openat, AT_FDCWD, path, flags, 0600);
  if (file < 0) return errno;
  ::close(static_cast<int>(file));
  return 0;
}

// A child that got away ends, and is a success of the attempt.
int forked(long child) {
  if (child == 0) ::_exit(0);
  if (child < 0) return errno;
  ::waitpid(static_cast<pid_t>(child), nullptr, 0);
  return 0;
}

int openSocket(int family, int type, int protocol = 0) {
  const int socket = ::socket(family, type, protocol);
  if (socket < 0) return errno;
  ::close(socket);
  return 0;
}

int serve() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  if (socket < 0) return errno;
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool served =
      ::bind(socket, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0 && ::listen(socket, 1) == 0;
  const int error = served ? 0 : errno;
  ::close(socket);
  return error;
}

int runFromMemory() {
  const int file = static_cast<int>(::syscall(SYS_memfd_create, "program", 0));
  if (file < 0) return errno;
  const char* const words[] = {"program", nullptr};
  return call(SYS_execveat, file, "", words, nullptr, AT_EMPTY_PATH);
}

int readOfParent() {
  char byte = 0;
  const iovec local{&byte, 1};
  const iovec remote{&byte, 1};
  return call(SYS_process_vm_readv, ::getppid(), &local, 1, &remote, 1, 0);
}

int queuedSignal() {
  siginfo_t signal{};
  signal.si_code = SI_QUEUE;
  return call(SYS_rt_sigqueueinfo, ::getppid(), 0, &signal);
}

int sharedMapping() {
  return ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0;
}

int execute(const char* path) {
  const char* const words[] = {path, nullptr};
  return call(SYS_execve, path, words, nullptr);
}

std::string at(const char* name) { return std::string(kForbiddenFolder) + "/" + name; }

}  // namespace

const std::vector<Attempt>& forbiddenAttempts() {
  static const std::vector<Attempt> attempts = {
      {"exec", [] { return execute("/bin/true"); }},
      {"exec-from-memory", runFromMemory},
      {"clone", [] { return forked(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }},
      {"clone3",
       [] {
         std::array<unsigned long long, 8> arguments{};
         arguments[4] = SIGCHLD;
         return forked(::syscall(435, arguments.data(), sizeof arguments));
       }},
      {"ptrace", [] { return call(SYS_ptrace, PTRACE_SEIZE, ::getppid(), nullptr, nullptr); }},
      {"read-memory", readOfParent},
      {"signal", [] { return call(SYS_kill, ::getppid(), 0); }},
      {"signal-all", [] { return call(SYS_kill, -1, 0); }},
      {"signal-thread", [] { return call(SYS_tgkill, ::getppid(), ::getppid(), 0); }},
      {"queued-signal", queuedSignal},
      {"limits-of-another", [] { return call(SYS_prlimit64, ::getppid(), RLIMIT_NOFILE, nullptr, nullptr); }},
      {"priority-of-others", [] { return call(SYS_setpriority, PRIO_USER, 0, 19); }},
      {"processors-of-another",
       [] {
         const unsigned long first = 1;
         return call(SYS_sched_setaffinity, ::getppid(), sizeof first, &first);
       }},
      {"pidfd", [] { return call(434, ::getppid(), 0); }},
      {"shadow", [] { return openFile("/etc/shadow", O_RDONLY); }},
      {"environment-of-init", [] { return openFile("/proc/1/environ", O_RDONLY); }},
      {"read", [] { return openFile(at("readable").c_str(), O_RDONLY); }},
      {"list", [] { return openFile(kForbiddenFolder, O_RDONLY | O_DIRECTORY); }},
      {"list-root", [] { return openFile("/", O_RDONLY | O_DIRECTORY); }},
      {"write", [] { return openFile(at("readable").c_str(), O_WRONLY); }},
      {"append", [] { return openFile(at("readable").c_str(), O_RDWR | O_APPEND); }},
      {"create", [] { return openFile(at("new").c_str(), O_RDONLY | O_CREAT); }},
      {"create-in-etc", [] { return openFile("/etc/rcb-confinement-test", O_WRONLY | O_CREAT); }},
      {"create-without-name", [] { return openFile("/tmp", O_TMPFILE | O_RDWR); }},
      {"write-device", [] { return openFile("/dev/null", O_WRONLY); }},
      {"make-folder", [] { return call(SYS_mkdirat, AT_FDCWD, at("folder").c_str(), 0700); }},
      {"remove", [] { return call(SYS_unlinkat, AT_FDCWD, at("readable").c_str(), 0); }},
      {"rename",
       [] { return call(SYS_renameat2, AT_FDCWD, at("readable").c_str(), AT_FDCWD, at("other").c_str(), 0); }},
      {"link", [] { return call(SYS_linkat, AT_FDCWD, at("readable").c_str(), AT_FDCWD, at("other").c_str(), 0); }},
      {"symlink", [] { return call(SYS_symlinkat, "readable", AT_FDCWD, at("other").c_str()); }},
      {"mode", [] { return call(SYS_fchmodat, AT_FDCWD, at("readable").c_str(), 0666); }},
      {"owner", [] { return call(SYS_fchownat, AT_FDCWD, at("readable").c_str(), 0, 0, 0); }},
      {"truncate", [] { return call(SYS_truncate, at("readable").c_str(), 0); }},
      {"root-again", [] { return call(SYS_setresuid, 0, 0, 0); }},
      {"user-namespace", [] { return call(SYS_unshare, CLONE_NEWUSER); }},
      {"mount", [] { return call(SYS_mount, "none", "/mnt", "tmpfs", 0, nullptr); }},
      {"chroot", [] { return call(SYS_chroot, "/"); }},
      {"key", [] { return call(SYS_keyctl, 0, -3, 1); }},
      {"bpf", [] { return call(SYS_bpf, 0, nullptr, 0); }},
      {"io-uring",
       [] {
         io_uring_params parameters{};
         return call(425, 1, &parameters);
       }},
      {"page-faults", [] { return call(SYS_userfaultfd, 1); }},
      {"packets", [] { return openSocket(AF_PACKET, SOCK_RAW); }},
      {"virtual-machines", [] { return openSocket(AF_VSOCK, SOCK_STREAM); }},
      {"kernel-crypto", [] { return openSocket(AF_ALG, SOCK_SEQPACKET); }},
      {"raw-packets", [] { return openSocket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }},
      {"server", serve},
  };
  return attempts;
}

const std::vector<Attempt>& networkAttempts() {
  static const std::vector<Attempt> attempts = {
      {"tcp", [] { return openSocket(AF_INET, SOCK_STREAM); }},
      {"tcp6", [] { return openSocket(AF_INET6, SOCK_STREAM); }},
      {"udp", [] { return openSocket(AF_INET, SOCK_DGRAM); }},
      {"unix", [] { return openSocket(AF_UNIX, SOCK_STREAM); }},
      {"netlink", [] { return openSocket(AF_NETLINK, SOCK_RAW); }},
      {"hosts", [] { return openFile("/etc/hosts", O_RDONLY); }},
      {"localhost",
       [] {
         addrinfo* found = nullptr;
         const int problem = ::getaddrinfo("localhost", "443", nullptr, &found);
         if (problem == 0) ::freeaddrinfo(found);
         return problem;
       }},
  };
  return attempts;
}

const std::vector<Attempt>& runtimeAttempts() {
  static const std::vector<Attempt> attempts = {
      {"libraries", [] { return openFile("/usr/lib", O_RDONLY | O_DIRECTORY); }},
      {"thread",
       [] {
         std::thread([] {}).join();
         return 0;
       }},
      {"own-signal",
       [] {
         ::signal(SIGUSR1, SIG_IGN);
         return ::raise(SIGUSR1) == 0 ? call(SYS_kill, ::getpid(), SIGUSR1) : errno;
       }},
      {"own-limits",
       [] {
         rlimit now{};
         return ::getrlimit(RLIMIT_NOFILE, &now) != 0 || ::setrlimit(RLIMIT_NOFILE, &now) != 0 ? errno : 0;
       }},
  };
  return attempts;
}

const std::vector<Attempt>& forbiddenToModules() {
  static const std::vector<Attempt> attempts = {
      {"socket-pair",
       [] {
         int ends[2];
         return call(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, ends);
       }},
      {"passwd", [] { return openFile("/etc/passwd", O_RDONLY); }},
      {"own-memory", [] { return openFile("/proc/self/mem", O_RDONLY); }},
      {"terminal", [] { return openFile("/dev/tty", O_RDONLY); }},
      {"shared-memory", [] { return call(SYS_shmget, IPC_PRIVATE, 4096, 0600); }},
      {"message-queue", [] { return call(SYS_msgget, IPC_PRIVATE, 0600); }},
      {"shared-mapping", sharedMapping},
      {"file-in-memory",
       [] {
         const int file = static_cast<int>(::syscall(SYS_memfd_create, "file", 0));
         return file < 0 ? errno : call(SYS_ftruncate, file, 1 << 20);
       }},
      {"outlive", [] { return call(SYS_prctl, PR_SET_PDEATHSIG, 0); }},
      {"locked-memory", [] { return ::mlockall(MCL_CURRENT) == 0 ? 0 : errno; }},
      {"more-descriptors",
       [] {
         const rlimit more{100'000, 100'000};
         return ::setrlimit(RLIMIT_NOFILE, &more) == 0 ? 0 : errno;
       }},
  };
  return attempts;
}

std::string report(const std::vector<Attempt>& attempts) {
  std::string text;
  for (const Attempt& attempt : attempts) text += attempt.name + "=" + std::to_string(attempt.run()) + " ";
  return text;
}

}  // namespace rcb::test
