#include "tests/core/modules/provider_call.hpp"
#include "tests/providers/provider_forms.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using test::ProviderCall;
using testing::HasSubstr;

class Passthrough : public test::ProviderForms {};

TEST_P(Passthrough, HandsTheTokenOverAndSendsNothing) {
  ProviderCall call(open("passthrough"));
  const IssuedCredential credential = call.make();
  EXPECT_EQ(credential.username, "token");
  EXPECT_EQ(credential.password.reveal(), call.token);
  EXPECT_TRUE(call.http.sent.empty());
}

TEST_P(Passthrough, EndsWithTheToken) {
  ProviderCall call(open("passthrough"));
  call.withToken(test::jwt(test::kNow + std::chrono::minutes(12), "canary-of-the-pods-token"));
  EXPECT_EQ(call.make().expiry.at, test::kNow + std::chrono::minutes(12));
}

TEST_P(Passthrough, HasAnUnknownEndIfTheTokenHas) {
  ProviderCall call(open("passthrough"));
  call.withToken("eyJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJ0ZXN0In0.canary-of-the-pods-token");
  EXPECT_EQ(call.make().expiry.kind, Expiry::Kind::kUnknown);
}

TEST_P(Passthrough, IsKeptNoLongerThanTheTokenWasIssuedForWhateverTheNodesClockSays) {
  using std::chrono::hours;
  for (int skew = -12; skew <= 12; ++skew) {
    ProviderCall call(open("passthrough"));
    call.clock = test::kNow + hours(skew);
    call.withToken(test::jwt(test::kNow + hours(1), "canary-of-the-pods-token", test::kNow));
    const auto kept = cacheDuration(call.make().expiry, call.clock, hours(24));
    EXPECT_EQ(kept, std::chrono::minutes(skew <= 0 ? 54 : 0)) << skew;
  }
}

TEST_P(Passthrough, TakesAnotherUserName) {
  EXPECT_EQ(ProviderCall(open("passthrough")).with("username", "kubelet").make().username, "kubelet");
}

TEST_P(Passthrough, RefusesAUserNameThatBasicAuthenticationCannotCarry) {
  for (const char* name : {"a:b", "a b", "\xc3\xa4"}) {
    EXPECT_THAT(ProviderCall(open("passthrough")).with("username", name).settingsProblem(),
                HasSubstr("is not a valid value for"))
        << name;
  }
}

TEST_P(Passthrough, SaysThatItNeedsAndReturnsTheToken) {
  EXPECT_TRUE(open("passthrough").description().needsToken);
  EXPECT_TRUE(open("passthrough").description().returnsToken);
  EXPECT_THAT(ProviderCall(open("passthrough")).withoutToken().settingsProblem(), HasSubstr("identity"));
}

RCB_TEST_BOTH_FORMS(Passthrough);

}  // namespace
}  // namespace rcb
