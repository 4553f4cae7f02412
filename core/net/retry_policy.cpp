#include "core/net/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace rcb {
namespace {

using std::chrono::milliseconds;

// The shortest time in which a handshake and an answer are possible.
constexpr milliseconds kShortestAttempt{100};
constexpr milliseconds kPatience{5'000};
constexpr milliseconds kHandshakePatience{3'000};

// RFC 9110 section 15.5.9 (408) and 15.6, RFC 8470 (425), RFC 6585 (429). These server errors are permanent: unknown method or version (501, 505),
// a loop in the configuration (506, RFC 2295; 508, RFC 5842), a required extension (510, RFC 2774), a network that requires a login (511, RFC 6585).
bool isTransientStatus(int status) {
  switch (status) {
    case 408:
    case 425:
    case 429:
      return true;
    case 501:
    case 505:
    case 506:
    case 508:
    case 510:
    case 511:
      return false;
    default:
      return status >= 500 && status <= 599;
  }
}

}  // namespace

bool isTransient(const AttemptOutcome& outcome) {
  if (!outcome.error) return isTransientStatus(outcome.status);
  switch (*outcome.error) {
    case ErrorCode::kConnectFailed:
    case ErrorCode::kConnectionLost:
    case ErrorCode::kDeadline:
      return true;
    case ErrorCode::kDnsFailed:
      return outcome.nameMayResolve;
    case ErrorCode::kProxyFailed:
      return isTransientStatus(outcome.status);
    default:
      return false;
  }
}

bool isSafeToRepeat(const AttemptOutcome& outcome, bool harmless) {
  return harmless || !outcome.error || !outcome.requestSent;
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
  if (policy.attempts <= 1) return left;
  return std::min(std::max(left / 2, kPatience), left);
}

milliseconds handshakeBudget(const RetryPolicy& policy, milliseconds left, int otherAddresses, int attemptsMade) {
  const milliseconds whole = attemptBudget(policy, left);
  const int further = std::min(otherAddresses, policy.attempts - attemptsMade - 1);
  if (further <= 0) return whole;
  return std::min({whole, kHandshakePatience, left / (further + 1)});
}

}  // namespace rcb
