// Decides whether a failed attempt is retried, whether that is safe, when the next one starts and how long it may take. Pure arithmetic, so that it
// can be tested without waiting.
#pragma once

#include "core/support/error.hpp"

#include <chrono>
#include <optional>

namespace rcb {

struct RetryPolicy {
  int attempts = 4;                              // in all
  std::chrono::milliseconds firstWait{200};      // between the first and the second
  double factor = 2;                             // between one wait and the next
  double jitter = 0.5;                           // each wait grows by a random fraction of itself, at most this one
  std::chrono::milliseconds longestWait{5'000};  // before jitter
  std::chrono::milliseconds attemptLimit{0};     // of one attempt; zero: as attemptBudget() divides the remaining time
};

// The result of one attempt: an error or an answer.
struct AttemptOutcome {
  std::optional<ErrorCode> error;
  int status = 0;                                  // of the answer; with kProxyFailed, of the proxy's answer, if any
  std::optional<std::chrono::seconds> retryAfter;  // of the same answer
  bool nameMayResolve = false;                     // with kDnsFailed: the name server failed, not the name
  bool requestSent = false;                        // the server may have received the request, or a part of it
};

// True for connections that were refused, lost or too slow, for failures of name servers, and for the transient statuses of the server or of the
// proxy: 408, 425, 429 and 5xx except permanent ones. False for certificates, unknown host names and refusals.
bool isTransient(const AttemptOutcome& outcome);

// Whether a retry cannot make the server carry out a request twice against the caller's intent: the request never reached it, or it was answered
// with a status, or (`harmless`) carrying it out twice does no harm, because of its method or because the caller says so.
bool isSafeToRepeat(const AttemptOutcome& outcome, bool harmless);

// The wait before the next attempt. Nothing if there is no further attempt: the outcome is permanent, the attempts are used up, or the wait (at
// least what the server requested) does not fit into the remaining time. `random` is in [0, 1).
std::optional<std::chrono::milliseconds> waitBeforeRetry(const RetryPolicy& policy, const AttemptOutcome& outcome,
                                                         int attemptsMade, std::chrono::milliseconds left,
                                                         double random);

// How much of the remaining time one attempt may take: half, at least 5 s, so that one silent connection does not use up the run. The only attempt
// may take all of it.
std::chrono::milliseconds attemptBudget(const RetryPolicy& policy, std::chrono::milliseconds left);

// How much of the remaining time a connected address may take until its handshakes are done. The time is shared with the other addresses that the
// remaining attempts could use: a healthy server answers handshakes at once, so silence here is a stronger sign of failure than a slow answer.
std::chrono::milliseconds handshakeBudget(const RetryPolicy& policy, std::chrono::milliseconds left, int otherAddresses,
                                          int attemptsMade);

}  // namespace rcb
