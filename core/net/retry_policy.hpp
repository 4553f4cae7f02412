// Which outcomes of an attempt are worth another one, and when: pure arithmetic, so that it can be tested without waiting.
#pragma once

#include "core/support/error.hpp"

#include <chrono>
#include <optional>

namespace rcb {

struct RetryPolicy {
  int attempts = 4;                              // in all
  std::chrono::milliseconds firstWait{200};      // between the first and the second
  double factor = 2;                             // by which each wait is longer than the last
  double jitter = 0.5;                           // each is lengthened by a random part of itself, up to this one
  std::chrono::milliseconds longestWait{5'000};  // before jitter
  std::chrono::milliseconds attemptLimit{0};     // of one attempt; zero: half of what is left, but at least 5 s
};

// How one attempt ended: with an error, or else with an answer.
struct AttemptOutcome {
  std::optional<ErrorCode> error;
  int status = 0;
  std::optional<std::chrono::seconds> retryAfter;
};

// True for connections refused, lost or too slow, and for 429, 500, 502, 503 and 504. Never for certificates, names or refusals, which
// would be the same the next time.
bool isTransient(const AttemptOutcome& outcome);

// The wait before the next attempt, or nothing if there shall be none: the outcome is final, the attempts are used up, or the wait (at
// least what the server asked for) does not fit into the time left. `random` is from [0, 1).
std::optional<std::chrono::milliseconds> waitBeforeRetry(const RetryPolicy& policy, const AttemptOutcome& outcome,
                                                         int attemptsMade, std::chrono::milliseconds left,
                                                         double random);

// What one attempt may take of the time left, so that one silent connection does not use up the run.
std::chrono::milliseconds attemptBudget(const RetryPolicy& policy, std::chrono::milliseconds left);

}  // namespace rcb
