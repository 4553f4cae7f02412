#include "core/net/retry_policy.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using enum ErrorCode;

constexpr milliseconds kPlenty{60'000};

AttemptOutcome errorOutcome(ErrorCode code) { return {code, 0, std::nullopt}; }
AttemptOutcome statusOutcome(int status, std::optional<seconds> retryAfter = std::nullopt) {
  return {std::nullopt, status, retryAfter};
}

TEST(RetryPolicy, RepeatsOnlyWhatMayPass) {
  for (const ErrorCode code : {kConnectFailed, kConnectionLost, kDeadline})
    EXPECT_TRUE(isTransient(errorOutcome(code)));
  for (const ErrorCode code : {kTlsFailed, kDnsFailed, kProxyFailed, kAnswerInvalid, kAnswerTooLarge, kSettingsInvalid,
                               kFileUntrusted, kModuleMisbehaved, kInternal}) {
    EXPECT_FALSE(isTransient(errorOutcome(code))) << static_cast<int>(code);
  }
  for (const int status : {429, 500, 502, 503, 504}) EXPECT_TRUE(isTransient(statusOutcome(status))) << status;
  for (const int status : {200, 201, 204, 301, 307, 400, 401, 403, 404, 408, 418, 422, 501, 505, 599}) {
    EXPECT_FALSE(isTransient(statusOutcome(status))) << status;
  }
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

}  // namespace
}  // namespace rcb
