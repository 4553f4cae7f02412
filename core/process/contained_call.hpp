// Runs a function in a child process, so that one which hangs or crashes costs its time and nothing else. For commands of operators: a pull never
// forks.
#pragma once

#include "core/support/deadline.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace rcb {

enum class CallEnd { kReturned, kDeadline, kCrashed };

struct CallOutcome {
  CallEnd end = CallEnd::kReturned;
  std::string result = {};  // what the function returned; empty if it did not
};

inline constexpr std::size_t kCallResultLimit = std::size_t{1} << 20;

// The child has the caller's memory as it is now, and what it changes there is lost. It is killed at the deadline, and dies with the caller; if
// a watchdog of its own ends it, that is its deadline. A result
// larger than kCallResultLimit counts as a crash, as does an exception. Throws Error(kInternal) if no process can be made.
CallOutcome callContained(const std::function<std::string()>& function, const Deadline& deadline);

}  // namespace rcb
