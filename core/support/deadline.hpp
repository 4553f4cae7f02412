// The time by which an operation must end, passed by value. One deadline covers a whole run; parts of it get atMost().
#pragma once

#include <algorithm>
#include <chrono>

namespace rcb {

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  static Deadline after(std::chrono::milliseconds budget) { return Deadline(Clock::now() + budget); }

  static Deadline at(Clock::time_point end) { return Deadline(end); }

  // By a clock that only its owner moves, so that a scripted run takes no time. `clock` must outlive the deadline and what is made of it.
  static Deadline on(const Clock::time_point& clock, std::chrono::milliseconds budget) {
    return Deadline(clock + budget, &clock);
  }

  // The earlier one of this deadline and `budget` from now.
  Deadline atMost(std::chrono::milliseconds budget) const { return Deadline(std::min(end_, now() + budget), clock_); }

  // The remaining time; zero if it has passed. Rounded up, so that a wait for it does not end early.
  std::chrono::milliseconds left() const {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end_ - now());
    return std::max(rest, std::chrono::milliseconds::zero());
  }
  bool passed() const { return now() >= end_; }

 private:
  explicit Deadline(Clock::time_point end, const Clock::time_point* clock = nullptr) : end_(end), clock_(clock) {}
  Clock::time_point now() const { return clock_ == nullptr ? Clock::now() : *clock_; }

  Clock::time_point end_;
  const Clock::time_point* clock_;  // null: the system's
};

// Wall-clock time, as tokens and registries state it. Functions take it as an argument: core/app asks the system, and nothing else does but OpenSSL,
// and core/trust with it, when they compare a certificate's dates.
using UnixTime = std::chrono::sys_seconds;

// The last second of the year 9999. Larger numbers are milliseconds by mistake.
inline constexpr UnixTime kLatestTime{std::chrono::seconds(253402300799)};

}  // namespace rcb
