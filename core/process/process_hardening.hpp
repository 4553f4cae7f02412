// Restricts the process before it reads a token.
#pragma once

namespace rcb {

// Disables core dumps and debuggers (PR_SET_DUMPABLE) and new privileges, closes all file descriptors except the standard ones, sets umask 077, and
// ignores signals that a write can cause and an alarm from the parent. A missing standard stream is replaced by one that cannot be read or written,
// so that its use is reported as an error.
void hardenProcess();

}  // namespace rcb
