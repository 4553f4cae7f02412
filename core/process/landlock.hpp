// Landlock (Linux 5.13): the process keeps reading the files and folders of a list, and can do nothing else to any file system. For good, and for its
// children. Descriptors that are open already are not affected.
#pragma once

#include <span>
#include <string>

namespace rcb {

// The version of the kernel's interface; 0 if the kernel has none, or it is switched off.
int landlockVersion();

// Confines the calling thread to reading what is at and below these paths, of which one that does not exist is skipped, and the files of these
// descriptors. From version 4 on it cannot listen for TCP connections either. Needs no_new_privs. 0, or the errno of what failed; then nothing has
// changed.
int confineToReading(std::span<const std::string> paths, std::span<const int> files = {});

}  // namespace rcb
