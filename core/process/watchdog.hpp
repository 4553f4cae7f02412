// Enforces the deadline where nothing else does. The program's own waits have time limits; a resolver that hangs, a module that loops or a stopped
// terminal has none. The watchdog writes one line to stderr that names the current step, and exits with the status for "unavailable". It also works
// if the caller has blocked or ignored SIGALRM, or does not read a full stderr.
#pragma once

#include "core/support/deadline.hpp"

#include <chrono>
#include <optional>

namespace rcb {

// How long after the deadline the watchdog acts, so that an ordinary error with a better message comes first.
inline constexpr std::chrono::milliseconds kWatchdogGrace{250};
// How long writing its line may take.
inline constexpr std::chrono::milliseconds kLastWordLimit{100};

// During its lifetime, the process ends kWatchdogGrace after the deadline. Watchdogs nest: when the inner one is destroyed, the outer deadline
// applies again. It uses a timer signal, because a thread would be too expensive for a run of a few milliseconds.
class Watchdog {
 public:
  explicit Watchdog(const Deadline& deadline);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  std::optional<Deadline> outer_;
};

// The deadline of the innermost watchdog, if there is one: for waits that begin before anything knows the run's.
std::optional<Deadline> watchedDeadline();

}  // namespace rcb
