// What the kubelet may keep never outlives the credential, whatever the clocks of the node and the server say.

#include "tests/core/modules/lent_services.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

namespace rcb {
namespace {

using test::HostServicesTest;
using test::jwt;
using test::kNow;
using test::Services;

const auto kLifetimes = {30, 60, 61, 90, 300, 600, 3600, 5400, 43200, 86400};  // seconds

// Calls `check` for the clocks of nodes that are up to twelve hours behind (negative) or ahead.
template <class Check>
void forEachSkew(Check check) {
  for (std::chrono::minutes skew = -std::chrono::hours(12); skew <= std::chrono::hours(12);
       skew += std::chrono::minutes(20)) {
    check(std::chrono::seconds(skew));
  }
}

class LifetimeTest : public HostServicesTest {
 protected:
  // How long the answer is kept on a node whose clock is off by that much, when a module emits this after an exchange, of which `date` says when
  // it was answered.
  std::chrono::seconds kept(std::chrono::seconds skew, const std::string& password,
                            const std::function<std::int64_t(const rcb_host&)>& expiresAt,
                            const std::string& date = "") {
    call().script.time = kNow + skew;
    call().script.answer(200, "{}", {{"Content-Type", "application/json"}, {"date", date}});
    const Expiry expiry = credentialOf([&](Services services, const rcb_request&) {
                            services.http({});
                            return services.emit("user", password, expiresAt(services.host));
                          }).expiry;
    return cacheDuration(expiry, kNow + skew, std::chrono::hours(24));
  }
  // What is kept of a lifetime of that many seconds on a node whose clock is right.
  static std::chrono::seconds keptOnTime(int lifetime) {
    return cacheDuration({.kind = Expiry::Kind::kAt, .at = kNow + std::chrono::seconds(lifetime)}, kNow,
                         std::chrono::hours(24));
  }

  const std::string date_ = "Fri, 15 Jan 2027 08:00:00 GMT";  // kNow
};

TEST_F(LifetimeTest, OfAJwtIsThatOfItsClaimsOnASlowClock) {
  for (const std::int64_t stated : std::initializer_list<std::int64_t>{RCB_EXPIRES_FROM_JWT, RCB_EXPIRES_NEVER}) {
    for (const int lifetime : kLifetimes) {
      const std::string issued = jwt(kNow + std::chrono::seconds(lifetime), "issued", kNow);
      forEachSkew([&](std::chrono::seconds skew) {
        const auto found = kept(skew, issued, [stated](const rcb_host&) { return stated; });
        if (skew.count() <= 0) {
          ASSERT_EQ(found, keptOnTime(lifetime)) << skew.count() << " " << lifetime;
        } else {
          ASSERT_LE(found, std::max(std::chrono::seconds(0), std::chrono::seconds(lifetime) - skew)) << skew.count();
        }
      });
    }
  }
}

TEST_F(LifetimeTest, InSecondsDoesNotDependOnTheNodesClock) {
  for (const int lifetime : kLifetimes) {
    const auto relative = [lifetime](const rcb_host& host) { return host.now(host.context) + lifetime; };
    forEachSkew([&](std::chrono::seconds skew) {
      for (const std::string& date : {std::string(), date_}) {
        ASSERT_EQ(kept(skew, "opaque", relative, date), keptOnTime(lifetime))
            << skew.count() << " " << lifetime << date;
      }
    });
  }
}

TEST_F(LifetimeTest, StatedTwiceIsTheShorterOne) {
  const auto relative = [](const rcb_host& host) { return host.now(host.context) + 600; };
  forEachSkew([&](std::chrono::seconds skew) {
    const auto longer = kept(skew, jwt(kNow + std::chrono::hours(2), "issued", kNow), relative);
    ASSERT_LE(longer, keptOnTime(600)) << skew.count();
    const auto shorter = kept(skew, jwt(kNow + std::chrono::minutes(5), "issued", kNow), relative);
    ASSERT_LE(shorter, keptOnTime(300)) << skew.count();
    if (skew.count() <= 0) {
      ASSERT_EQ(longer, keptOnTime(600)) << skew.count();
      ASSERT_EQ(shorter, keptOnTime(300)) << skew.count();
    }
  });
}

// AWS and others state a moment and nothing else; a JWT may lack `iat`, or have been issued long before it is handed out.
TEST_F(LifetimeTest, OfAnAbsoluteExpiryIsBoundedByTheServersDate) {
  for (const int lifetime : kLifetimes) {
    const UnixTime expiry = kNow + std::chrono::seconds(lifetime);
    forEachSkew([&](std::chrono::seconds skew) {
      const auto most = keptOnTime(lifetime);
      const auto absolute = [&](const rcb_host&) { return expiry.time_since_epoch().count(); };
      const auto fromJwt = [](const rcb_host&) { return RCB_EXPIRES_FROM_JWT; };
      ASSERT_LE(kept(skew, "opaque", absolute, date_), most) << skew.count();
      ASSERT_LE(kept(skew, jwt(expiry, "issued"), fromJwt, date_), most) << skew.count();
      ASSERT_LE(kept(skew, jwt(expiry, "issued", kNow - std::chrono::hours(6)), fromJwt, date_), most) << skew.count();
    });
  }
}

TEST_F(LifetimeTest, IsNotLengthenedNorSpoiltByAnyDate) {
  const auto relative = [](const rcb_host& host) { return host.now(host.context) + 3600; };
  const auto fromJwt = [](const rcb_host&) { return RCB_EXPIRES_FROM_JWT; };
  const std::string issued = jwt(kNow + std::chrono::hours(1), "issued", kNow);
  for (const std::string date :
       {"", "now", "1800000000", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:60 GMT",
        "Fri, 15 Jan 2027 08:00:00", "Fri, 32 Jan 2027 08:00:00 GMT", "1e308"}) {
    for (const int hours : {-1, 0, 1}) {
      const std::chrono::seconds skew = std::chrono::hours(hours);
      EXPECT_EQ(kept(skew, "opaque", relative, date), keptOnTime(3600)) << date;
      EXPECT_LE(kept(skew, issued, fromJwt, date), keptOnTime(3600)) << date;
    }
  }
  EXPECT_EQ(kept(std::chrono::seconds(0), issued, fromJwt, "Fri, 15 Jan 2027 08:30:00 GMT"), keptOnTime(1800));
  EXPECT_EQ(kept(std::chrono::seconds(0), issued, fromJwt, "Fri, 15 Jan 2027 09:30:00 GMT"), std::chrono::seconds(0));
}

}  // namespace
}  // namespace rcb
