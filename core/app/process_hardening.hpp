// What the program takes away from itself before it reads a token.
#pragma once

namespace rcb {

// No core dump and no debugger (PR_SET_DUMPABLE), no new privileges, no file descriptor beyond the three standard ones (which are opened on
// /dev/null if missing), umask 077, no death by SIGPIPE.
void hardenProcess();

}  // namespace rcb
