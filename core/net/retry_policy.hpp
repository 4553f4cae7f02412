// Which outcomes of an attempt are worth another one, whether that is safe, when it starts, and how long it may take: pure arithmetic, so that it
// can be tested without waiting.
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
  int status = 0;                                  // of the answer; with kProxyFailed, of the proxy's, if it gave one
  std::optional<std::chrono::seconds> retryAfter;  // of the same answer
  bool nameMayResolve = false;                     // with kDnsFailed: the name server failed, not the name
  bool requestSent = false;                        // the server may have received the request, or a part of it
};

// True for connections refused, lost or too slow, for name servers that failed, and for the passing ones among the statuses of the server or of
// its proxy: 408, 425, 429 and 5xx, but for those that say what will be true the next time, too. Never for certificates, names that do not
// exist or refusals.
bool isTransient(const AttemptOutcome& outcome);

// Whether repeating cannot make the server do the same thing twice against the caller's will: the request never reached it, or it was answered
// with a status, or (`harmless`) its method or its maker says that twice is as good as once.
bool isSafeToRepeat(const AttemptOutcome& outcome, bool harmless);

// The wait before the next attempt, or nothing if there shall be none: the outcome is final, the attempts are used up, or the wait (at
// least what the server asked for) does not fit into the time left. `random` is from [0, 1).
std::optional<std::chrono::milliseconds> waitBeforeRetry(const RetryPolicy& policy, const AttemptOutcome& outcome,
                                                         int attemptsMade, std::chrono::milliseconds left,
                                                         double random);

// What one attempt may take of the time left, so that one silent connection does not use up the run.
std::chrono::milliseconds attemptBudget(const RetryPolicy& policy, std::chrono::milliseconds left);

// What a connected address may take of the time left until its handshakes are done. It is shared with the other addresses that the remaining
// attempts could go to: this is the part that a healthy server answers at once, so silence in it says more than silence before an answer.
std::chrono::milliseconds handshakeBudget(const RetryPolicy& policy, std::chrono::milliseconds left, int otherAddresses,
                                          int attemptsMade);

}  // namespace rcb
