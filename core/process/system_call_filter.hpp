// Takes system calls away from the process with a filter that it cannot remove (seccomp, Linux 3.17): starting programs and processes, writing into
// file systems, other processes, kernel interfaces, and all sockets but those of name resolution and HTTPS. A refused call fails; it does not end the
// process.
#pragma once

namespace rcb {

// Whether the kernel takes filters. An emulator such as qemu-user does not.
bool filtersSystemCalls();

// Whose calls are filtered.
enum class Filtered {
  kRun,     // one that uses the network
  kModule,  // the process of a loaded module, which uses nothing
};

// Installs the filter on the calling thread. Needs no_new_privs. 0, or the errno; then nothing has changed.
//
// In a run stays possible what a resolver may do, also by modules of nsswitch.conf: sockets of the families UNIX, INET, INET6 and NETLINK, threads,
// reading files, and a signal to the process itself. A module has no sockets either, no memory that it shares, and cannot outlive the process that
// started it.
int filterSystemCalls(Filtered who);

}  // namespace rcb
