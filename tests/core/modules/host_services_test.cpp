// The time as a module sees it, and what becomes of a call that went wrong.

#include "tests/core/modules/lent_services.hpp"

#include <gmock/gmock.h>

#include <string>

namespace rcb {
namespace {

using test::HostServicesTest;
using test::Services;
using testing::HasSubstr;

using Conclusion = HostServicesTest;

TEST_F(HostServicesTest, TellsTheTimeAndWhatIsLeftOfIt) {
  credentialOf([](Services services, const rcb_request&) {
    EXPECT_EQ(services.host.size, sizeof(rcb_host));
    EXPECT_EQ(services.host.now(services.host.context), 1'800'000'000);
    EXPECT_GT(services.host.deadline_ms(services.host.context), 0);
    EXPECT_LE(services.host.deadline_ms(services.host.context), 10'000);
    return services.emit("user", "password");
  });
}

// --- what the call came to ---

TEST_F(Conclusion, IsABreachIfNothingWasEmitted) {
  EXPECT_THAT(failureOf([](Services, const rcb_request&) { return rcb_status{RCB_OK}; }),
              HasSubstr("the provider module stub reported success without a credential (code=module-misbehaved)"));
}

TEST_F(Conclusion, IsABreachIfTheStatusIsUnknown) {
  for (const rcb_status unknown : {-1, 7, 1000}) {
    EXPECT_THAT(failureOf([unknown](Services, const rcb_request&) { return unknown; }),
                HasSubstr("returned the unknown status " + std::to_string(unknown)));
  }
}

TEST_F(Conclusion, IsABreachIfAFailureFollowsACredential) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                services.emit("user", "password");
                return services.fail(RCB_REFUSED, "changed my mind");
              }),
              HasSubstr("reported a failure after it had emitted a credential"));
}

TEST_F(Conclusion, IsTheCredentialIfTheModuleFoundAnotherWay) {
  call().script.fail(Error(ErrorCode::kConnectFailed, "the first is down"));
  call().script.answer(200, "{}");
  const IssuedCredential credential = credentialOf([](Services services, const rcb_request&) {
    EXPECT_EQ(services.http({}), RCB_UNAVAILABLE);
    EXPECT_EQ(services.http({}), RCB_OK);
    return services.emit("user", "password");
  });
  EXPECT_EQ(credential.username, "user");
}

TEST_F(Conclusion, IsTheModulesReasonIfTheOtherWayFailedByItself) {
  call().script.fail(Error(ErrorCode::kConnectFailed, "the first is down"));
  call().script.answer(200, "{}");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                services.http({});
                services.http({});
                return services.fail(RCB_BAD_ANSWER, "the second contains no token");
              }),
              HasSubstr("the second contains no token (code=answer-invalid)"));
}

TEST_F(Conclusion, IsTheLastFailureOfAService) {
  call().script.fail(Error(ErrorCode::kConnectFailed, "the first is down"));
  call().script.fail(Error(ErrorCode::kTlsFailed, "the second is not trusted"));
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                services.http({});
                return services.http({});
              }),
              HasSubstr("the second is not trusted (code=tls-failed)"));
}

TEST_F(Conclusion, IsTheFirstBreachWhateverFollows) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                services.emit("us:er", "password");
                return services.emit("user", "password");
              }),
              HasSubstr("contains a ':'"));
}

}  // namespace
}  // namespace rcb
