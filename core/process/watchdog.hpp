// The last line of defence of the deadline. Every wait of ours has a time limit of its own; a resolver that hangs, a module that loops or a
// terminal that is stopped has not, and is ended here: one line on stderr that says what the run was doing, then the exit status for
// "unavailable". Nothing that the caller left behind (SIGALRM blocked or ignored, a full stderr that nobody reads) keeps it from ending.
#pragma once

#include "core/support/deadline.hpp"

#include <chrono>
#include <optional>

namespace rcb {

// How long after the deadline the watchdog acts, so that an orderly error with its better words comes first.
inline constexpr std::chrono::milliseconds kWatchdogGrace{250};
// How long its line may take. A reader that has stopped reading does not get it.
inline constexpr std::chrono::milliseconds kLastWordLimit{100};

// While it lives, the process ends kWatchdogGrace after the deadline. Scopes nest: when the inner one ends, the outer one's deadline counts
// again. A timer signal, not a thread: a run of a few milliseconds should not pay for one.
class Watchdog {
 public:
  explicit Watchdog(const Deadline& deadline);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  std::optional<Deadline> outer_;
};

}  // namespace rcb
