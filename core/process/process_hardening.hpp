// What the program takes away from itself before it reads a token.
#pragma once

namespace rcb {

// No core dump and no debugger (PR_SET_DUMPABLE), no new privileges, no file descriptor beyond the three standard ones, umask 077, no death by
// a signal that a write can cause, no alarm of the parent's. A standard stream that is missing is opened so that reading or writing it fails: the
// program then says so, instead of answering nobody.
void hardenProcess();

}  // namespace rcb
