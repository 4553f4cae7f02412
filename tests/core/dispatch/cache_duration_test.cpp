#include "core/dispatch/cache_duration.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

namespace rcb {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

const UnixTime kNow{seconds(1'700'000'000)};
constexpr seconds kNoCap = std::chrono::hours(1000);

Expiry at(UnixTime time) { return {.kind = Expiry::Kind::kAt, .at = time}; }
seconds cachedFor(seconds life, seconds cap = kNoCap) { return cacheDuration(at(kNow + life), kNow, cap); }

TEST(CacheDuration, LeavesAMarginOfATenth) {
  EXPECT_EQ(cachedFor(1h), 54min);
  EXPECT_EQ(cachedFor(90min), 81min);
  EXPECT_EQ(cachedFor(24h), 1296min);
}

TEST(CacheDuration, LeavesAMarginOfAMinuteAtLeast) {
  EXPECT_EQ(cachedFor(600s), 540s);
  EXPECT_EQ(cachedFor(300s), 240s);
  EXPECT_EQ(cachedFor(61s), 1s);
}

TEST(CacheDuration, IsZeroInsideTheMargin) {
  for (const seconds life : {60s, 30s, 1s, 0s, -1s, -3600s}) EXPECT_EQ(cachedFor(life), 0s) << life.count();
}

TEST(CacheDuration, IsZeroIfTheEndIsUnknown) { EXPECT_EQ(cacheDuration({}, kNow, kNoCap), 0s); }

TEST(CacheDuration, KeepsStandingCredentialsForAFewMinutes) {
  EXPECT_EQ(cacheDuration({.kind = Expiry::Kind::kNever}, kNow, kNoCap), kLongLivedCredentialCache);
  EXPECT_EQ(cacheDuration({.kind = Expiry::Kind::kNever}, kNow, 10s), 10s);
}

TEST(CacheDuration, StaysBelowTheCap) {
  EXPECT_EQ(cachedFor(24h, 1h), 1h);
  EXPECT_EQ(cachedFor(24h, 0s), 0s);
  EXPECT_EQ(cachedFor(24h, -5s), 0s);
  EXPECT_EQ(cacheDuration({.kind = Expiry::Kind::kNever}, kNow, -5s), 0s);
}

// What cache = remaining − margin is exactly, in seconds that need not be whole.
TEST(CacheDuration, IsAtMostASecondShortOfTheExactValue) {
  for (std::int64_t life = 30; life <= 24 * 3600; ++life) {
    const double remaining = static_cast<double>(life);
    const double exact = std::max(0.0, remaining - std::max(60.0, remaining / 10));
    const double cached = static_cast<double>(cachedFor(seconds(life)).count());
    ASSERT_LE(cached, exact) << life;
    ASSERT_GE(cached, exact - 1) << life;
  }
}

TEST(CacheDuration, NeverOutlivesTheCredentialWhateverItsEndIs) {
  std::mt19937_64 random(20260102);
  using Limits = std::numeric_limits<std::int64_t>;
  std::vector<std::int64_t> times = {
      Limits::min(), Limits::min() + 1, -1, 0, 1, Limits::max() - 1, Limits::max(), kNow.time_since_epoch().count()};
  for (int i = 0; i < 300; ++i) times.push_back(static_cast<std::int64_t>(random() >> (random() % 64)));
  for (int i = 0; i < 300; ++i) times.push_back(static_cast<std::int64_t>(random()));
  for (const std::int64_t now : times) {
    for (const std::int64_t end : times) {
      const auto cached = cacheDuration(at(UnixTime(seconds(end))), UnixTime(seconds(now)), kNoCap).count();
      ASSERT_GE(cached, 0);
      if (end <= now) {
        ASSERT_EQ(cached, 0) << end << " " << now;
      } else {
        ASSERT_LT(static_cast<std::uint64_t>(cached),
                  static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(now));
      }
    }
  }
}

// A credential of 90 minutes on a node whose clock is an hour behind was once kept for 2 h 15 min.
TEST(CacheDuration, IsThatOfTheLifetimeOnASlowClock) {
  const Expiry issued{Expiry::Kind::kAt, kNow + 90min, 90min};
  EXPECT_EQ(cacheDuration(issued, kNow - 1h, kNoCap), 81min);
  EXPECT_EQ(cacheDuration(issued, kNow, kNoCap), 81min);
  EXPECT_EQ(cacheDuration(issued, kNow + 1h, kNoCap), 27min);
  EXPECT_EQ(cacheDuration(issued, kNow + 2h, kNoCap), 0s);
}

TEST(CacheDuration, IsZeroIfTheIssuersClockLeavesNothing) {
  for (const seconds longest : {0s, -1s, seconds::min(), 1s, 60s}) {
    EXPECT_EQ(cacheDuration({Expiry::Kind::kAt, kNow + 1h, longest}, kNow, kNoCap), 0s) << longest.count();
  }
}

TEST(CacheDuration, NeverOutlivesTheCredentialWhateverTheNodesClockSays) {
  for (seconds skew = -12h; skew <= 12h; skew += 1min) {
    for (const seconds lifetime :
         {30s, 60s, 61s, 90s, 5min + 0s, 10min + 0s, 1h + 0s, 90min + 0s, 12h + 0s, 24h + 0s}) {
      const UnixTime expiry = kNow + lifetime;
      const seconds cached = cacheDuration({Expiry::Kind::kAt, expiry, lifetime}, kNow + skew, kNoCap);
      const seconds onTime = cachedFor(lifetime);
      ASSERT_GE(cached, 0s);
      ASSERT_LE(cached, onTime) << skew.count() << " " << lifetime.count();
      if (skew <= 0s) {
        ASSERT_EQ(cached, onTime) << skew.count() << " " << lifetime.count();
      }
      if (skew >= lifetime) {
        ASSERT_EQ(cached, 0s) << skew.count() << " " << lifetime.count();
      }
    }
  }
}

TEST(Expiry, OfTwoStatementsIsTheSoonerOne) {
  const Expiry unknown;
  const Expiry never{.kind = Expiry::Kind::kNever};
  const Expiry early{Expiry::Kind::kAt, kNow + 1h, 2h};
  const Expiry brief{Expiry::Kind::kAt, kNow + 3h, 1min};
  for (const auto& [left, right] : {std::pair(early, brief), std::pair(brief, early)}) {
    EXPECT_EQ(sooner(left, right).at, kNow + 1h);
    EXPECT_EQ(sooner(left, right).longest, 1min);
  }
  for (const Expiry& other : {unknown, never, early}) {
    EXPECT_EQ(sooner(unknown, other).kind, Expiry::Kind::kUnknown);
    EXPECT_EQ(sooner(other, unknown).kind, Expiry::Kind::kUnknown);
    EXPECT_EQ(sooner(never, other).kind, other.kind);
    EXPECT_EQ(sooner(other, never).kind, other.kind);
  }
}

TEST(CacheDuration, TheMarginOfAnHourCoversAClockThatIsFiveMinutesBehind) {
  EXPECT_LE(cacheDuration(at(kNow + 1h), kNow - 5min, kNoCap), 1h);
  EXPECT_EQ(cacheDuration(at(kNow + 1h), kNow + 5min, kNoCap), 49min + 30s);
}

}  // namespace
}  // namespace rcb
