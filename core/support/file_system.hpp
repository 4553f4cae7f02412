// Which file systems keep files that somebody wrote, and which are the kernel's own interfaces.
#pragma once

#include <string>

namespace rcb {

// Why nothing on the file system of this descriptor (O_PATH will do) is a file for us, as a phrase: "is on procfs, an interface of the kernel". Empty
// if it is an ordinary one, or if it cannot be told.
std::string unsuitableFileSystem(int descriptor);

}  // namespace rcb
