// Tells file systems whose files were written by a user from interfaces of the kernel such as procfs.
#pragma once

#include <sys/stat.h>

#include <istream>
#include <string>

namespace rcb {

// Why no file on the descriptor's file system is trusted, as a predicate: "is on procfs, which is a kernel interface". Empty for an ordinary file
// system, or if its type cannot be read. O_PATH is enough for the descriptor; `info` is its fstat().
std::string unsuitableFileSystem(int descriptor, const struct stat& info);

// The same for FUSE, where owners and modes are whatever the mounted program reports: only a mount by root or the caller is trusted. `mounts` is
// /proc/self/mountinfo.
std::string unsuitableFuseMount(std::istream& mounts, dev_t device, uid_t caller);

}  // namespace rcb
