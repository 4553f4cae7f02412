#include "core/process/system_call_filter.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace rcb {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;  // no filter
#endif

// Numbers of calls that the headers of a build may not know yet; the same on every architecture.
constexpr std::uint32_t kPidfdOpen = 434;
constexpr std::uint32_t kClone3 = 435;
constexpr std::uint32_t kOpenat2 = 437;

constexpr std::uint32_t kRefused[] = {
    // Programs and processes.
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kcmp,
    SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo,
    424,  // pidfd_send_signal
    kPidfdOpen,
    438,  // pidfd_getfd
    440,  // process_madvise
    448,  // process_mrelease
    SYS_migrate_pages,
    SYS_move_pages,
    SYS_setpriority,
    SYS_ioprio_set,
    SYS_personality,
    // Files: opening them for writing is refused below.
    SYS_truncate,
    SYS_renameat2,
    SYS_linkat,
    SYS_symlinkat,
    SYS_unlinkat,
    SYS_mkdirat,
    SYS_mknodat,
    SYS_fchmod,
    SYS_fchmodat,
    452,  // fchmodat2
    SYS_fchown,
    SYS_fchownat,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_fremovexattr,
    SYS_utimensat,
    SYS_name_to_handle_at,
    SYS_open_by_handle_at,
    // Users and capabilities.
    SYS_setuid,
    SYS_setgid,
    SYS_setreuid,
    SYS_setregid,
    SYS_setresuid,
    SYS_setresgid,
    SYS_setgroups,
    SYS_setfsuid,
    SYS_setfsgid,
    SYS_capset,
    // Namespaces and mounts.
    SYS_unshare,
    SYS_setns,
    SYS_chroot,
    SYS_pivot_root,
    SYS_mount,
    SYS_umount2,
    428,  // open_tree
    429,  // move_mount
    430,  // fsopen
    431,  // fsconfig
    432,  // fsmount
    433,  // fspick
    442,  // mount_setattr
    SYS_swapon,
    SYS_swapoff,
    SYS_quotactl,
    SYS_acct,
    // Interfaces of the kernel that a resolver has no use for.
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    425,  // io_uring_setup
    426,  // io_uring_enter
    427,  // io_uring_register
    SYS_add_key,
    SYS_request_key,
    SYS_keyctl,
    SYS_syslog,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_reboot,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_adjtimex,
    SYS_clock_adjtime,
    // Servers.
    SYS_listen,
    SYS_accept,
    SYS_accept4,
#if defined(__x86_64__)
    SYS_fork,
    SYS_vfork,
    SYS_creat,
    SYS_rename,
    SYS_renameat,
    SYS_link,
    SYS_symlink,
    SYS_unlink,
    SYS_mkdir,
    SYS_rmdir,
    SYS_mknod,
    SYS_chmod,
    SYS_chown,
    SYS_lchown,
    SYS_utime,
    SYS_utimes,
    SYS_futimesat,
    SYS_iopl,
    SYS_ioperm,
    SYS_modify_ldt,
    SYS_kexec_file_load,
#elif defined(__aarch64__)
    SYS_renameat,
#endif
};

// Of a module only: whatever reaches other processes of its user.
constexpr std::uint32_t kRefusedToModules[] = {
    SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_shmget, SYS_shmat, SYS_msgget, SYS_semget, SYS_mq_open,
};

// Their first argument is a process, of which 0 is the caller.
constexpr std::uint32_t kOnOneself[] = {SYS_prlimit64, SYS_sched_setaffinity, SYS_sched_setscheduler,
                                        SYS_sched_setparam, SYS_sched_setattr};

// A filter in classic BPF. Each check loads what it looks at, decides, and falls through to the next.
class Filter {
 public:
  Filter() {
    load(offsetof(seccomp_data, arch));
    add(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0);
    end(SECCOMP_RET_KILL_PROCESS);  // another architecture's numbers mean other calls
#if defined(__x86_64__)
    constexpr std::uint32_t kX32 = 0x40000000;
    loadCall();
    add(BPF_JMP | BPF_JGE | BPF_K, kX32, 0, 1);
    end(refusal(ENOSYS));
#endif
  }

  void refuse(std::span<const std::uint32_t> calls, int error) {
    loadCall();
    for (const std::uint32_t call : calls) {
      add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
      end(refusal(error));
    }
  }

  // Allows the call only with one of these values.
  void allowOnly(std::uint32_t call, unsigned argument, std::initializer_list<std::uint32_t> values, int error) {
    const auto count = static_cast<std::uint8_t>(values.size());
    loadCall();
    add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, static_cast<std::uint8_t>(count + 2));
    loadArgument(argument);
    std::uint8_t left = count;
    for (const std::uint32_t value : values) add(BPF_JMP | BPF_JEQ | BPF_K, value, left--, 0);
    end(refusal(error));
  }

  // Refuses the call with this value.
  void refuseValue(std::uint32_t call, unsigned argument, std::uint32_t value, int error) {
    loadCall();
    add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3);
    loadArgument(argument);
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    end(refusal(error));
  }

  // Refuses the call if any of these bits is set, or if none is.
  void refuseAny(std::uint32_t call, unsigned argument, std::uint32_t bits, int error) {
    checkBits(call, argument, bits, 0, 1, error);
  }
  void refuseWithout(std::uint32_t call, unsigned argument, std::uint32_t bits, int error) {
    checkBits(call, argument, bits, 1, 0, error);
  }

  int install() {
    end(SECCOMP_RET_ALLOW);
    sock_fprog program{static_cast<unsigned short>(code_.size()), code_.data()};
    return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0 ? 0 : errno;
  }

 private:
  static std::uint32_t refusal(int error) { return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error); }

  void add(int code, std::uint32_t value, std::uint8_t ifTrue = 0, std::uint8_t ifFalse = 0) {
    code_.push_back({static_cast<std::uint16_t>(code), ifTrue, ifFalse, value});
  }
  void load(std::size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)); }
  void loadCall() { load(offsetof(seccomp_data, nr)); }
  // The lower half, which is all that the kernel uses of an int.
  void loadArgument(unsigned number) { load(offsetof(seccomp_data, args) + number * sizeof(std::uint64_t)); }
  void end(std::uint32_t action) { add(BPF_RET | BPF_K, action); }

  void checkBits(std::uint32_t call, unsigned argument, std::uint32_t bits, std::uint8_t ifSet, std::uint8_t ifNot,
                 int error) {
    loadCall();
    add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3);
    loadArgument(argument);
    add(BPF_JMP | BPF_JSET | BPF_K, bits, ifSet, ifNot);
    end(refusal(error));
  }

  std::vector<sock_filter> code_;
};

}  // namespace

bool filtersSystemCalls() {
  const std::uint32_t action = SECCOMP_RET_ERRNO;
  return kArchitecture != 0 && ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int filterSystemCalls(Filtered who) {
  if (kArchitecture == 0) return ENOSYS;
  Filter filter;
  filter.refuse(kRefused, EPERM);
  // Their arguments are behind pointers, which a filter cannot follow; callers fall back to the older calls.
  filter.refuse(std::initializer_list<std::uint32_t>{kClone3, kOpenat2}, ENOSYS);
  constexpr std::uint32_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
  filter.refuseAny(SYS_openat, 2, kWriting, EACCES);
#if defined(__x86_64__)
  filter.refuseAny(SYS_open, 1, kWriting, EACCES);
#endif
  filter.refuseWithout(SYS_clone, 0, CLONE_THREAD, EPERM);
  if (who == Filtered::kModule) {
    filter.refuse(kRefusedToModules, EPERM);
    filter.refuseAny(SYS_mmap, 3, MAP_SHARED, EPERM);  // a bit of MAP_SHARED_VALIDATE too
    filter.refuseValue(SYS_prctl, 0, PR_SET_PDEATHSIG, EPERM);
  } else {
    filter.allowOnly(SYS_socket, 0, {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK}, EAFNOSUPPORT);
  }
  const auto self = static_cast<std::uint32_t>(::getpid());
  for (const std::uint32_t call : kOnOneself) filter.allowOnly(call, 0, {0, self}, EPERM);
  filter.allowOnly(SYS_kill, 0, {self}, EPERM);
  filter.allowOnly(SYS_tgkill, 0, {self}, EPERM);
  filter.allowOnly(SYS_tkill, 0, {self}, EPERM);
  return filter.install();
}

}  // namespace rcb
