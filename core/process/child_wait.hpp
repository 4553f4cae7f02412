// What a parent does until its child process has ended: it reads what the child writes, within a deadline, and waits.
#pragma once

#include "core/support/deadline.hpp"

#include <sys/types.h>

#include <functional>
#include <string_view>

namespace rcb {

enum class PipeEnd { kClosed, kDeadline, kRefused };

// Passes on what arrives, piece by piece, until the writer closes its end, the deadline passes, or `take` refuses a piece by answering false. A pipe
// that cannot be read counts as closed, one that cannot be waited for as late.
PipeEnd readPipe(int descriptor, const Deadline& deadline, const std::function<bool(std::string_view)>& take);

// Waits without a limit. The status as waitpid() gives it; 0 if there is no such child, as where SIGCHLD is ignored.
int waitForChild(pid_t child);

// As a shell says it: the status of exit, or 128 and the signal's number if a signal ended the process.
int exitStatusOf(int waitStatus);

}  // namespace rcb
