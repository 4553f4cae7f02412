#include "core/net/retry_policy.hpp"

#include <gtest/gtest.h>

#include <set>

namespace rcb {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using enum ErrorCode;

constexpr milliseconds kPlenty{60'000};

AttemptOutcome errorOutcome(ErrorCode code, int status = 0) {
  AttemptOutcome outcome;
  outcome.error = code;
  outcome.status = status;
  return outcome;
}
AttemptOutcome statusOutcome(int status, std::optional<seconds> retryAfter = std::nullopt) {
  AttemptOutcome outcome;
  outcome.status = status;
  outcome.retryAfter = retryAfter;
  return outcome;
}

TEST(RetryPolicy, RepeatsOnlyErrorsThatMayPass) {
  for (const ErrorCode code : {kConnectFailed, kConnectionLost, kDeadline})
    EXPECT_TRUE(isTransient(errorOutcome(code)));
  for (const ErrorCode code : {kTlsFailed, kDnsFailed, kProxyFailed, kAnswerInvalid, kAnswerTooLarge, kSettingsInvalid,
                               kFileUntrusted, kModuleMisbehaved, kInternal}) {
    EXPECT_FALSE(isTransient(errorOutcome(code))) << static_cast<int>(code);
  }
  AttemptOutcome nameServerFailed = errorOutcome(kDnsFailed);
  nameServerFailed.nameMayResolve = true;
  EXPECT_TRUE(isTransient(nameServerFailed));
}

TEST(RetryPolicy, JudgesTheStatusOfAServerAndOfAProxyAlike) {
  for (int status = 100; status < 700; ++status) {
    const std::set<int> others = {408, 425, 429};
    const std::set<int> final = {501, 505, 506, 508, 510, 511};
    const bool passing = others.contains(status) || (status >= 500 && status <= 599 && !final.contains(status));
    EXPECT_EQ(isTransient(statusOutcome(status)), passing) << status;
    EXPECT_EQ(isTransient(errorOutcome(kProxyFailed, status)), passing) << status;
  }
}

TEST(RetryPolicy, RepeatsWhatCannotHaveBeenCarriedOutTwice) {
  AttemptOutcome lost = errorOutcome(kConnectionLost);
  EXPECT_TRUE(isSafeToRepeat(lost, false));
  lost.requestSent = true;
  EXPECT_FALSE(isSafeToRepeat(lost, false));
  EXPECT_TRUE(isSafeToRepeat(lost, true));
  AttemptOutcome answered = statusOutcome(503);
  answered.requestSent = true;
  EXPECT_TRUE(isSafeToRepeat(answered, false));
}

TEST(RetryPolicy, WaitsLongerEachTimeAndAddsJitter) {
  const RetryPolicy policy;
  const AttemptOutcome lost = errorOutcome(kConnectionLost);
  EXPECT_EQ(waitBeforeRetry(policy, lost, 1, kPlenty, 0), milliseconds(200));
  EXPECT_EQ(waitBeforeRetry(policy, lost, 2, kPlenty, 0), milliseconds(400));
  EXPECT_EQ(waitBeforeRetry(policy, lost, 3, kPlenty, 0), milliseconds(800));
  EXPECT_EQ(waitBeforeRetry(policy, lost, 1, kPlenty, 0.5), milliseconds(250));
  EXPECT_EQ(waitBeforeRetry(policy, lost, 3, kPlenty, 0.999), milliseconds(1'199));
}

TEST(RetryPolicy, MakesNoMoreAttemptsThanAllowed) {
  RetryPolicy policy;
  EXPECT_FALSE(waitBeforeRetry(policy, statusOutcome(503), 4, kPlenty, 0));
  policy.attempts = 1;
  EXPECT_FALSE(waitBeforeRetry(policy, statusOutcome(503), 1, kPlenty, 0));
  policy.attempts = 0;
  EXPECT_FALSE(waitBeforeRetry(policy, statusOutcome(503), 1, kPlenty, 0));
}

TEST(RetryPolicy, KeepsToTheLongestWait) {
  RetryPolicy policy;
  policy.attempts = 1'000'000;
  EXPECT_EQ(waitBeforeRetry(policy, statusOutcome(503), 999'999, kPlenty, 0), milliseconds(5'000));
  policy.factor = 1e300;
  EXPECT_EQ(waitBeforeRetry(policy, statusOutcome(503), 999'999, kPlenty, 0), milliseconds(5'000));
  policy.factor = 0;
  EXPECT_EQ(waitBeforeRetry(policy, statusOutcome(503), 5, kPlenty, 0), milliseconds(200));
}

TEST(RetryPolicy, HonoursRetryAfterIfItFits) {
  const RetryPolicy policy;
  EXPECT_EQ(waitBeforeRetry(policy, statusOutcome(429, seconds(3)), 1, milliseconds(3'100), 0), milliseconds(3'000));
  EXPECT_FALSE(waitBeforeRetry(policy, statusOutcome(429, seconds(3)), 1, milliseconds(3'099), 0));
  EXPECT_FALSE(waitBeforeRetry(policy, statusOutcome(503, seconds(86'400)), 1, kPlenty, 0));
}

TEST(RetryPolicy, NeverWaitsLessThanItsOwnWait) {
  EXPECT_EQ(waitBeforeRetry(RetryPolicy(), statusOutcome(429, seconds(0)), 1, kPlenty, 0), milliseconds(200));
}

TEST(RetryPolicy, GivesUpWhenNothingIsLeftAfterTheWait) {
  const RetryPolicy policy;
  EXPECT_TRUE(waitBeforeRetry(policy, errorOutcome(kConnectFailed), 1, milliseconds(300), 0));
  EXPECT_FALSE(waitBeforeRetry(policy, errorOutcome(kConnectFailed), 1, milliseconds(299), 0));
  EXPECT_FALSE(waitBeforeRetry(policy, errorOutcome(kDeadline), 1, milliseconds(0), 0));
}

TEST(RetryPolicy, LeavesTimeForASecondAttempt) {
  RetryPolicy policy;
  EXPECT_EQ(attemptBudget(policy, milliseconds(10'000)), milliseconds(5'000));
  EXPECT_EQ(attemptBudget(policy, milliseconds(30'000)), milliseconds(15'000));
  EXPECT_EQ(attemptBudget(policy, milliseconds(6'000)), milliseconds(5'000));
  EXPECT_EQ(attemptBudget(policy, milliseconds(700)), milliseconds(700));
  EXPECT_EQ(attemptBudget(policy, milliseconds(0)), milliseconds(0));
  policy.attemptLimit = milliseconds(200);
  EXPECT_EQ(attemptBudget(policy, milliseconds(700)), milliseconds(200));
  EXPECT_EQ(attemptBudget(policy, milliseconds(100)), milliseconds(100));
}

TEST(RetryPolicy, LeavesNoTimeForASecondAttemptThatIsNotAllowed) {
  RetryPolicy policy;
  policy.attempts = 1;
  EXPECT_EQ(attemptBudget(policy, milliseconds(30'000)), milliseconds(30'000));
  EXPECT_EQ(handshakeBudget(policy, milliseconds(30'000), 5, 0), milliseconds(30'000));
  policy.attemptLimit = milliseconds(200);
  EXPECT_EQ(attemptBudget(policy, milliseconds(30'000)), milliseconds(200));
}

TEST(RetryPolicy, SharesTheHandshakesTimeAmongTheAddressesThatRemain) {
  RetryPolicy policy;
  EXPECT_EQ(handshakeBudget(policy, milliseconds(10'000), 0, 0), milliseconds(5'000));
  EXPECT_EQ(handshakeBudget(policy, milliseconds(10'000), 1, 0), milliseconds(3'000));
  EXPECT_EQ(handshakeBudget(policy, milliseconds(6'000), 2, 0), milliseconds(2'000));
  // No more than there will be attempts for.
  EXPECT_EQ(handshakeBudget(policy, milliseconds(10'000), 50, 0), milliseconds(2'500));
  EXPECT_EQ(handshakeBudget(policy, milliseconds(4'000), 50, 2), milliseconds(2'000));
  EXPECT_EQ(handshakeBudget(policy, milliseconds(10'000), 50, 3), milliseconds(5'000));
  // However long the deadline is, a healthy server has answered by then.
  EXPECT_EQ(handshakeBudget(policy, milliseconds(50'000), 1, 0), milliseconds(3'000));
  EXPECT_EQ(handshakeBudget(policy, milliseconds(50'000), 0, 0), milliseconds(25'000));
  policy.attemptLimit = milliseconds(200);
  EXPECT_EQ(handshakeBudget(policy, milliseconds(10'000), 1, 0), milliseconds(200));
  policy.attempts = 1;
  EXPECT_EQ(handshakeBudget(policy, milliseconds(100), 5, 0), milliseconds(100));
}

}  // namespace
}  // namespace rcb
