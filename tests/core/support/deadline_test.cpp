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

}  // namespace
}  // namespace rcb
