// The last line of defence of the deadline. Every wait of ours has a time limit of its own; a resolver that hangs or a module that loops
// has not, and is ended here: one line on stderr that says what the run was doing, then the exit status for "unavailable".
#pragma once

#include "core/support/deadline.hpp"

#include <chrono>

namespace rcb {

// How long after the deadline the watchdog acts, so that an orderly error with its better words comes first.
inline constexpr std::chrono::milliseconds kWatchdogGrace{250};

// Ends the process kWatchdogGrace after the deadline. Calling it again moves the moment. A timer signal, not a thread: a run of a few
// milliseconds should not pay for one.
void armWatchdog(const Deadline& deadline);
void disarmWatchdog();

}  // namespace rcb
