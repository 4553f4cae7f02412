#include "tests/providers/provider_forms.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using sdk::ScriptedCall;
using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::StartsWith;

class Passthrough : public test::ProviderForms {
 protected:
  static ScriptedCall call() { return callOf("passthrough"); }
};

TEST_P(Passthrough, HandsTheTokenOverAndSendsNothing) {
  const std::string token = jwt(hours(1));
  ScriptedCall call = this->call();
  const ScriptedCall::Credential credential = call.token(token).provide();
  EXPECT_EQ(credential.username, "token");
  EXPECT_EQ(credential.password, token);
  EXPECT_FALSE(credential.forImageOnly);
  EXPECT_EQ(call.requestCount(), 0u);
}

TEST_P(Passthrough, EndsWithTheToken) { EXPECT_EQ(call().token(jwt(minutes(12))).provide().expiresAt, kNow + 12 * 60); }

TEST_P(Passthrough, HasAnUnknownEndIfTheTokenHas) {
  EXPECT_EQ(call().token(jwt(std::nullopt)).provide().expiresAt, RCB_EXPIRES_UNKNOWN);
}

TEST_P(Passthrough, IsKeptNoLongerThanTheTokenWasIssuedForWhateverTheNodesClockSays) {
  for (int skew = -12; skew <= 12; ++skew) {
    ScriptedCall call = this->call();
    call.time(kNow + skew * 3600).token(jwt(hours(1), hours(0)));
    EXPECT_EQ(call.provide().cachedFor, minutes(skew <= 0 ? 54 : 0)) << skew;
  }
}

TEST_P(Passthrough, TakesAnotherUserName) {
  EXPECT_EQ(call().setting("username", "kubelet").provide().username, "kubelet");
}

TEST_P(Passthrough, RefusesAUserNameThatBasicAuthenticationCannotCarry) {
  for (const char* name : {"a:b", "a b", "\xc3\xa4"}) {
    EXPECT_THAT(call().setting("username", name).checkFailure(), HasSubstr("is not a valid value for")) << name;
  }
}

TEST_P(Passthrough, SaysThatItNeedsAndReturnsTheToken) {
  EXPECT_EQ(tableOf("passthrough").traits & RCB_TRAIT_NEEDS_TOKEN, RCB_TRAIT_NEEDS_TOKEN);
  EXPECT_EQ(tableOf("passthrough").traits & RCB_TRAIT_RETURNS_TOKEN, RCB_TRAIT_RETURNS_TOKEN);
  EXPECT_THAT(call().withoutToken().checkFailure(), StartsWith("identity"));
}

RCB_TEST_BOTH_FORMS(Passthrough);

}  // namespace
}  // namespace rcb
