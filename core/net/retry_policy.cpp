#include "core/net/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace rcb {
namespace {

using std::chrono::milliseconds;

// Less than this is not enough for a handshake and an answer.
constexpr milliseconds kShortestAttempt{100};
constexpr milliseconds kPatience{5'000};

}  // namespace

bool isTransient(const AttemptOutcome& outcome) {
  using enum ErrorCode;
  if (outcome.error) {
    return *outcome.error == kConnectFailed || *outcome.error == kConnectionLost || *outcome.error == kDeadline;
  }
  return outcome.status == 429 || outcome.status == 500 || outcome.status == 502 || outcome.status == 503 ||
         outcome.status == 504;
}

std::optional<milliseconds> waitBeforeRetry(const RetryPolicy& policy, const AttemptOutcome& outcome, int attemptsMade,
                                            milliseconds left, double random) {
  if (!isTransient(outcome) || attemptsMade >= policy.attempts) return std::nullopt;
  const double growth = std::pow(std::max(policy.factor, 1.0), attemptsMade - 1);
  const double longest = static_cast<double>(policy.longestWait.count());
  const double wait = std::min(static_cast<double>(policy.firstWait.count()) * growth, longest);
  milliseconds chosen(static_cast<milliseconds::rep>(wait * (1 + policy.jitter * random)));
  if (outcome.retryAfter) chosen = std::max(chosen, milliseconds(*outcome.retryAfter));
  if (chosen + kShortestAttempt > left) return std::nullopt;
  return chosen;
}

milliseconds attemptBudget(const RetryPolicy& policy, milliseconds left) {
  if (policy.attemptLimit > milliseconds::zero()) return std::min(policy.attemptLimit, left);
  return std::min(std::max(left / 2, kPatience), left);
}

}  // namespace rcb
