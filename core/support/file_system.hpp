// Which file systems keep files that somebody wrote, and which are the kernel's own interfaces.
#pragma once

#include <sys/stat.h>

#include <istream>
#include <string>

namespace rcb {

// Why nothing on the file system of this descriptor (O_PATH will do) is a file for us, as a phrase: "is on procfs, which is an interface of the kernel".
// Empty if it is an ordinary one, or if it cannot be told. `info`: what fstat() says of the descriptor.
std::string unsuitableFileSystem(int descriptor, const struct stat& info);

// The part of it that is about FUSE, whose owners and modes are what the program behind it says: only a mount that root or the caller made counts.
// `mounts` is /proc/self/mountinfo.
std::string unsuitableFuseMount(std::istream& mounts, dev_t device, uid_t caller);

}  // namespace rcb
