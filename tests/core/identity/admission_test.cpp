#include "core/identity/admission.hpp"

#include "tests/core/identity/jwt.hpp"
#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::jwt;
using test::throwsError;

constexpr std::int64_t kNow = 1'700'000'000;

class AdmissionTest : public testing::Test {
 protected:
  // Sets the request's token: an hour to live, audience cloudsmith, team-a/puller, with `changed` claims in the place of those.
  void present(const std::string& exp = std::to_string(kNow + 3600), const std::string& aud = R"(["cloudsmith"])",
               const std::string& sub = "system:serviceaccount:team-a:puller") {
    request_.serviceAccountToken = Secret(jwt("{\"exp\":" + exp + ",\"aud\":" + aud + ",\"sub\":\"" + sub + "\"}"));
  }
  std::optional<TokenClaims> admitAt(std::int64_t now = kNow) const {
    return admit(policy_, request_, UnixTime(std::chrono::seconds(now)));
  }
  void expectRefused(ErrorCode code, const std::string& text, std::int64_t now = kNow) const {
    EXPECT_THAT([&] { admitAt(now); }, throwsError(code, text));
  }

  IdentityPolicy policy_{.tokenRequired = true, .audience = "cloudsmith", .allow = std::nullopt};
  Request request_;
};

TEST_F(AdmissionTest, AdmitsAGoodToken) {
  present();
  const auto claims = admitAt();
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->namespaceName, "team-a");
  EXPECT_EQ(claims->serviceAccount, "puller");
}

TEST_F(AdmissionTest, NeedsNoTokenWhereTheRuleNeedsNone) {
  policy_.tokenRequired = false;
  EXPECT_FALSE(admitAt());
  request_.serviceAccountToken = Secret("garbage");
  EXPECT_FALSE(admitAt());
}

TEST_F(AdmissionTest, RefusesAMissingTokenAndSaysWhatToSet) {
  expectRefused(ErrorCode::kTokenMissing, "requireServiceAccount: true");
  request_.version = ApiVersion::kV1Beta1;
  expectRefused(ErrorCode::kTokenMissing, "apiVersion credentialprovider.kubelet.k8s.io/v1 and add tokenAttributes");
}

TEST_F(AdmissionTest, RefusesGarbage) {
  request_.serviceAccountToken = Secret("garbage");
  expectRefused(ErrorCode::kTokenInvalid, "is not a valid JWT");
}

TEST_F(AdmissionTest, RefusesATokenFromItsEndOn) {
  present();
  EXPECT_TRUE(admitAt(kNow + 3599));
  expectRefused(ErrorCode::kTokenExpired, "expired 0 s ago", kNow + 3600);
  expectRefused(ErrorCode::kTokenExpired, "expired 61 s ago", kNow + 3661);
  expectRefused(ErrorCode::kTokenExpired, "compare the node's clock with the API server's", kNow + 3600);
}

TEST_F(AdmissionTest, IgnoresWhenATokenBegins) {
  request_.serviceAccountToken = Secret(jwt(
      R"({"exp":1700003600,"nbf":1700000060,"iat":1700000060,"aud":"cloudsmith","sub":"system:serviceaccount:a:b"})"));
  EXPECT_TRUE(admitAt());
}

TEST_F(AdmissionTest, RefusesATokenWithoutAUsableEnd) {
  for (const std::string exp : {"null", "-1", "\"1700003600\"", "1e300", "18446744075409551616"}) {
    present(exp);
    expectRefused(ErrorCode::kTokenInvalid, "has no expiry (claim exp)");
  }
}

TEST_F(AdmissionTest, RefusesATokenForAnotherAudience) {
  for (const std::string aud : {R"("other")", R"(["other","another"])", "[]", "null", R"("Cloudsmith")",
                                R"("cloudsmith ")", R"("cloudsmith.evil.test")", "5"}) {
    present("1700003600", aud);
    expectRefused(ErrorCode::kTokenAudience, "the rule expects \"cloudsmith\"");
  }
  present("1700003600", R"(["other","another"])");
  expectRefused(ErrorCode::kTokenAudience, "is for the audience \"other, another\"");
}

TEST_F(AdmissionTest, AdmitsOneAudienceOfMany) {
  present("1700003600", R"(["other","cloudsmith"])");
  EXPECT_TRUE(admitAt());
}

TEST_F(AdmissionTest, AdmitsAnyAudienceWhereTheRuleNamesNone) {
  policy_.audience.clear();
  present("1700003600", "null");
  EXPECT_TRUE(admitAt());
}

TEST_F(AdmissionTest, RefusesATokenThatNamesNoServiceAccount) {
  for (const std::string sub :
       {"", "system:node:n", "system:serviceaccount:a", "system:serviceaccount::b", "system:serviceaccount:a:"}) {
    present("1700003600", R"("cloudsmith")", sub);
    expectRefused(ErrorCode::kTokenInvalid, "does not name a service account");
  }
}

TEST_F(AdmissionTest, AdmitsWhomTheListNames) {
  present();
  for (const AllowEntry& entry :
       {AllowEntry{"team-a", "puller"}, AllowEntry{"team-*", "*"}, AllowEntry{"*", "pull?r"}, AllowEntry{"*", "*"}}) {
    policy_.allow = {{"unused", "unused"}, entry};
    EXPECT_TRUE(admitAt()) << entry.namespaceName;
  }
}

TEST_F(AdmissionTest, RefusesWhomTheListDoesNotName) {
  present();
  for (const AllowEntry& entry : {AllowEntry{"team-b", "*"}, AllowEntry{"team-a", "builder"}, AllowEntry{"team", "*"},
                                  AllowEntry{"eam-a", "*"}, AllowEntry{"", ""}, AllowEntry{"TEAM-A", "puller"},
                                  AllowEntry{"team-a/puller", ""}, AllowEntry{"puller", "team-a"}}) {
    policy_.allow = {entry};
    expectRefused(ErrorCode::kNotAllowed, "serviceAccount=team-a/puller");
  }
}

TEST_F(AdmissionTest, AnEmptyListAllowsNobody) {
  present();
  policy_.allow.emplace();
  expectRefused(ErrorCode::kNotAllowed, "the rule does not allow the pod's service account");
}

TEST_F(AdmissionTest, BothNamesMustBeInOneEntry) {
  present();
  policy_.allow = {{"team-a", "builder"}, {"team-b", "puller"}};
  expectRefused(ErrorCode::kNotAllowed, "add the namespace and service account");
}

TEST_F(AdmissionTest, AdmitsTheExampleOfAPolicy) {
  const std::vector<AllowEntry> lists[] = {{{"team-a", "puller"}, {"*", "*"}}, {{"team-?", "*-puller-*"}}};
  const std::vector<std::optional<std::vector<AllowEntry>>> policies = {std::nullopt, lists[0], lists[1]};
  for (const auto& allow : policies) {
    policy_.allow = allow;
    const AllowEntry account = exampleAccount(policy_);
    present(std::to_string(kNow + 3600), R"(["cloudsmith"])",
            "system:serviceaccount:" + account.namespaceName + ":" + account.serviceAccount);
    EXPECT_EQ(admitAt()->serviceAccount, account.serviceAccount);
  }
}

TEST_F(AdmissionTest, NeverShowsTheToken) {
  for (const std::string exp : {"1", "null", "1700003600"}) {
    present(exp, R"("other")");
    const std::string token(request_.serviceAccountToken.reveal());
    try {
      admitAt();
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_FALSE(sharesRun(error.line(), token, 16)) << error.line();
    }
  }
}

}  // namespace
}  // namespace rcb
