#include "tests/support/google_identity.hpp"

#include "core/support/json.hpp"
#include "core/support/percent_coding.hpp"
#include "tests/support/identity_service.hpp"
#include "tests/support/json_web_token.hpp"

#include <gtest/gtest.h>

#include <map>

namespace rcb::test {
namespace {

const UnixTime kNow{std::chrono::seconds(1'800'000'000)};
constexpr const char* kPuller = "puller@acme-images.iam.gserviceaccount.com";

class GoogleIdentityTest : public testing::Test {
 protected:
  using Parameters = std::map<std::string, std::string>;

  std::string token(const std::string& namespaceName = "team-a", const std::string& serviceAccount = "puller",
                    std::chrono::seconds life = std::chrono::minutes(30)) {
    return identity_.issue({namespaceName, serviceAccount, {policy_.allowedAudience}, life}, kNow);
  }
  // What our own client sends, which each test changes.
  Parameters parameters(const std::string& token) const {
    return {{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
            {"audience", policy_.provider},
            {"scope", "https://www.googleapis.com/auth/cloud-platform"},
            {"requested_token_type", "urn:ietf:params:oauth:token-type:access_token"},
            {"subject_token", token},
            {"subject_token_type", "urn:ietf:params:oauth:token-type:jwt"}};
  }
  ServerReply exchange(const Parameters& parameters, const std::string& authorization = {}) {
    ServerRequest request{"POST", "/v1/token", {{"content-type", "application/x-www-form-urlencoded"}}, {}};
    if (!authorization.empty()) request.headers["authorization"] = authorization;
    for (const auto& [name, value] : parameters) {
      request.body += (request.body.empty() ? "" : "&") + name + "=" + std::string(encodePercent(value).reveal());
    }
    return google_.answer(request);
  }
  ServerReply impersonate(const std::string& account, const std::string& accessToken,
                          const std::string& body = R"({"scope":["https://www.googleapis.com/auth/cloud-platform"]})") {
    return google_.answer({"POST",
                           "/v1/projects/-/serviceAccounts/" + account + ":generateAccessToken",
                           {{"content-type", "application/json"}, {"authorization", "Bearer " + accessToken}},
                           body});
  }
  static std::string member(const ServerReply& reply, const std::string& pointer) {
    const auto parsed = parseJson(reply.body);
    return claimText(std::get<Json>(parsed), pointer);
  }
  std::string federated(const std::string& namespaceName = "team-a", const std::string& serviceAccount = "puller") {
    return member(exchange(parameters(token(namespaceName, serviceAccount))), "/access_token");
  }

  GooglePolicy policy_;
  IdentityService identity_{"https://issuer.test", SigningKey::generate(SignatureAlgorithm::kEs256)};
  GoogleIdentity google_{{.issuer = "https://issuer.test",
                          .issuerKeys = [this] { return std::vector{identity_.key()}; },
                          .policy = [this] { return policy_; },
                          .now = [] { return kNow; }}};
};

TEST_F(GoogleIdentityTest, ExchangesATokenForOneThatLivesAsLong) {
  const ServerReply reply = exchange(parameters(token()));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(member(reply, "/access_token"), google_.issued().back());
  const auto parsed = parseJson(reply.body);
  EXPECT_EQ(*std::get<Json>(parsed).find("expires_in")->integer(), 1800);
}

TEST_F(GoogleIdentityTest, RefusesATokenThatDoesNotVerify) {
  const IdentityService stranger("https://issuer.test", SigningKey::generate(SignatureAlgorithm::kEs256));
  const std::string tokens[] = {"", "token", stranger.issue({"team-a", "puller", {policy_.allowedAudience}}, kNow),
                                identity_.issue({"team-a", "puller", {"another"}}, kNow),
                                token("team-a", "puller", std::chrono::seconds(0))};
  for (const std::string& sent : tokens) {
    const ServerReply reply = exchange(parameters(sent));
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(member(reply, "/error"), "invalid_grant");
  }
  EXPECT_TRUE(google_.issued().empty());
}

TEST_F(GoogleIdentityTest, AppliesTheAttributeCondition) {
  EXPECT_EQ(member(exchange(parameters(token("default"))), "/error"), "unauthorized_client");
  policy_.conditionStatus = 403;
  EXPECT_EQ(exchange(parameters(token("default"))).status, 403);
}

TEST_F(GoogleIdentityTest, RefusesARequestWithoutAParameterOrWithAnotherValue) {
  for (const auto& [name, value] : parameters(token())) {
    Parameters less = parameters(token());
    less.erase(name);
    EXPECT_EQ(exchange(less).status, 400) << name;
    if (name == "scope") continue;
    Parameters other = parameters(token());
    other[name] = value + "x";
    EXPECT_EQ(exchange(other).status, 400) << name;
  }
  Parameters elsewhere = parameters(token());
  elsewhere["audience"] = "//iam.s3nsapis.fr/projects/1/locations/global/workloadIdentityPools/a/providers/b";
  EXPECT_EQ(member(exchange(elsewhere), "/error"), "invalid_request");
}

TEST_F(GoogleIdentityTest, RefusesAnExchangeWithAHeaderAuthorization) {
  EXPECT_EQ(exchange(parameters(token()), "Bearer " + token()).status, 400);
}

TEST_F(GoogleIdentityTest, IssuesTheTokenOfAServiceAccount) {
  const ServerReply reply = impersonate(kPuller, federated());
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(member(reply, "/accessToken"), google_.issued().back());
  EXPECT_EQ(member(reply, "/expireTime"), "2027-01-15T09:00:00Z");
  policy_.fractionalSeconds = true;
  EXPECT_EQ(member(impersonate(kPuller, federated()), "/expireTime"), "2027-01-15T09:00:00.123456789Z");
}

TEST_F(GoogleIdentityTest, AcceptsAnAccessTokenUnlessItIsForImpersonationOnly) {
  Parameters narrow = parameters(token());
  narrow["scope"] = "https://www.googleapis.com/auth/iam";
  const std::string forImpersonation = member(exchange(narrow), "/access_token");
  for (const std::string& other : {std::string(), std::string("ya29.invented"), token(), forImpersonation}) {
    EXPECT_FALSE(google_.accepts(other));
  }
  EXPECT_TRUE(google_.accepts(federated()));
  EXPECT_TRUE(google_.accepts(member(impersonate(kPuller, forImpersonation), "/accessToken")));
}

TEST_F(GoogleIdentityTest, LetsOnlyThoseImpersonateWhoMay) {
  EXPECT_EQ(impersonate(kPuller, federated("team-a", "builder")).status, 403);
  EXPECT_EQ(impersonate("unknown@acme-images.iam.gserviceaccount.com", federated()).status, 404);
  EXPECT_EQ(member(impersonate(kPuller, "ya29.invented"), "/error/status"), "UNAUTHENTICATED");
  // A pod's token is not an access token.
  EXPECT_EQ(impersonate(kPuller, token()).status, 401);
}

TEST_F(GoogleIdentityTest, RefusesToImpersonateWithAScopeForReading) {
  Parameters narrow = parameters(token());
  narrow["scope"] = "https://www.googleapis.com/auth/devstorage.read_only";
  EXPECT_EQ(impersonate(kPuller, member(exchange(narrow), "/access_token")).status, 403);
}

TEST_F(GoogleIdentityTest, RefusesALifetimeBeyondItsLimit) {
  const auto status = [this](const std::string& lifetime) {
    return impersonate(kPuller, federated(), R"({"scope":["s"],"lifetime":")" + lifetime + "\"}").status;
  };
  EXPECT_EQ(status("3600s"), 200);
  EXPECT_EQ(status("3601s"), 400);
  EXPECT_EQ(status("0s"), 400);
  EXPECT_EQ(status("3600"), 400);
  policy_.longestLifetime = std::chrono::hours(12);
  EXPECT_EQ(status("43200s"), 200);
}

TEST_F(GoogleIdentityTest, RefusesABodyWithoutAScope) {
  for (const char* body : {"", "{}", R"({"scope":[]})", R"({"scope":"s"})", R"({"scope":[1]})"}) {
    EXPECT_EQ(impersonate(kPuller, federated(), body).status, 400) << body;
  }
}

TEST_F(GoogleIdentityTest, AnswersOnNoOtherPath) {
  for (const char* target : {"/", "/v1/token/", "/v1/projects/acme/serviceAccounts/a:generateAccessToken",
                             "/v1/projects/-/serviceAccounts/:generateAccessToken",
                             "/v1/projects/-/serviceAccounts/a/b:generateAccessToken"}) {
    EXPECT_EQ(google_.answer({"POST", target, {}, ""}).status, 404) << target;
  }
  EXPECT_EQ(google_.answer({"GET", "/v1/token", {}, ""}).status, 404);
}

}  // namespace
}  // namespace rcb::test
