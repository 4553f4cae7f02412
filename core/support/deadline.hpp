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

  // The earlier one of this deadline and `budget` from now.
  Deadline atMost(std::chrono::milliseconds budget) const { return Deadline(std::min(end_, Clock::now() + budget)); }

  // The remaining time; zero if it has passed. Rounded up, so that a wait for it does not end early.
  std::chrono::milliseconds left() const {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now());
    return std::max(rest, std::chrono::milliseconds::zero());
  }
  bool passed() const { return Clock::now() >= end_; }

 private:
  explicit Deadline(Clock::time_point end) : end_(end) {}
  Clock::time_point end_;
};

// Wall-clock time, as tokens and registries state it. Functions take it as an argument: core/app asks the system, and nothing else does but OpenSSL,
// and core/trust with it, when they compare a certificate's dates.
using UnixTime = std::chrono::sys_seconds;

// The last second of the year 9999. Larger numbers are milliseconds by mistake.
inline constexpr UnixTime kLatestTime{std::chrono::seconds(253402300799)};

}  // namespace rcb
