#include "core/testing/call_script.hpp"

#include "core/identity/token_claims.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(CallScript, KeepsTheValuesOfAListAndTheEntriesOfAMapTogether) {
  CallScript script;
  script.setting("list", "a");
  script.setting("map.x", "1");
  script.setting("other", "o");
  script.setting("list", "b");
  script.setting("map.y.z", "2");
  script.setting("list", "c");
  EXPECT_THAT(script.settings, ElementsAre(Pair("list", "a"), Pair("list", "b"), Pair("list", "c"), Pair("map.x", "1"),
                                           Pair("map.y.z", "2"), Pair("other", "o")));
}

TEST(CallScript, BeginsAtMidnight) {
  const std::chrono::sys_days day = std::chrono::year(2026) / std::chrono::November / 29;
  EXPECT_EQ(CallScript().time, day);
}

TEST(ScriptedJwt, HasTheClaims) {
  const TokenClaims claims =
      parseTokenClaims(scriptedJwt(R"({"sub":"system:serviceaccount:team-a:builder","exp":1800000000})"));
  EXPECT_EQ(claims.namespaceName, "team-a");
  EXPECT_EQ(claims.serviceAccount, "builder");
  EXPECT_EQ(claims.expiresAt, UnixTime(std::chrono::seconds(1'800'000'000)));
}

}  // namespace
}  // namespace rcb
