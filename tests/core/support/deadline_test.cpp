#include "core/support/deadline.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

using namespace std::chrono_literals;

TEST(Deadline, PassesOnceItsTimeIsOver) {
  EXPECT_TRUE(Deadline::after(0ms).passed());
  EXPECT_TRUE(Deadline::at(Deadline::Clock::now() - 1h).passed());
  EXPECT_FALSE(Deadline::after(1h).passed());
}

TEST(Deadline, IsNeverNegative) { EXPECT_EQ(Deadline::at(Deadline::Clock::now() - 1h).left(), 0ms); }

TEST(Deadline, SaysWhatIsLeft) {
  const auto left = Deadline::after(1h).left();
  EXPECT_LE(left, 1h);
  EXPECT_GT(left, 59min);
}

TEST(Deadline, HasTimeLeftUntilItHasPassed) {
  const Deadline deadline = Deadline::after(5ms);
  while (!deadline.passed()) {
    const auto left = deadline.left();
    EXPECT_TRUE(left > 0ms || deadline.passed());
  }
  EXPECT_EQ(deadline.left(), 0ms);
}

TEST(Deadline, AtMostOnlyShortens) {
  const Deadline deadline = Deadline::after(1h);
  EXPECT_LE(deadline.atMost(1min).left(), 1min);
  EXPECT_GT(deadline.atMost(24h).left(), 59min);
  EXPECT_LE(deadline.atMost(24h).left(), 1h);
  EXPECT_TRUE(Deadline::after(0ms).atMost(1h).passed());
}

TEST(Deadline, FollowsAClockThatItsOwnerMoves) {
  Deadline::Clock::time_point clock{};
  const Deadline deadline = Deadline::on(clock, 10s);
  const Deadline part = deadline.atMost(3s);
  EXPECT_EQ(deadline.left(), 10s);
  EXPECT_EQ(part.left(), 3s);
  EXPECT_EQ(deadline.atMost(1h).left(), 10s);
  clock += 3s;
  EXPECT_TRUE(part.passed());
  EXPECT_FALSE(deadline.passed());
  EXPECT_EQ(deadline.left(), 7s);
  EXPECT_EQ(deadline.atMost(2s).left(), 2s);
  clock += 1h;
  EXPECT_TRUE(deadline.passed());
  EXPECT_EQ(deadline.left(), 0s);
}

}  // namespace
}  // namespace rcb
