#include "tests/support/identity_service.hpp"

#include "tests/support/json_web_token.hpp"

#include <gtest/gtest.h>

namespace rcb::test {
namespace {

const UnixTime kNow{std::chrono::seconds(1'800'000'000)};

IdentityService& service() {
  static IdentityService made("https://issuer.test", SigningKey::generate(SignatureAlgorithm::kEs256));
  return made;
}

ServerReply get(const std::string& target) { return service().answer({"GET", target, {}, ""}); }

TEST(IdentityService, IssuesWhatAClustersApiServerWould) {
  const std::string token = service().issue({"team-a", "puller", {"cloudsmith"}}, kNow);
  const auto verified = verifyToken(token, {&service().key(), 1}, {"https://issuer.test", "cloudsmith", kNow});
  ASSERT_TRUE(std::holds_alternative<Json>(verified));
  const Json& claims = std::get<Json>(verified);
  EXPECT_EQ(claimText(claims, "/sub"), "system:serviceaccount:team-a:puller");
  EXPECT_EQ(claimText(claims, "/kubernetes.io/namespace"), "team-a");
  EXPECT_EQ(claimText(claims, "/kubernetes.io/serviceaccount/name"), "puller");
  EXPECT_FALSE(claimText(claims, "/kubernetes.io/pod/uid").empty());
  EXPECT_EQ(*claims.find("exp")->integer(), 1'800'003'600);
  EXPECT_EQ(claims.find("aud")->array()->size(), 1u);
}

TEST(IdentityService, NeverIssuesTheSameTokenTwice) {
  EXPECT_NE(service().issue({"a", "b", {"c"}}, kNow), service().issue({"a", "b", {"c"}}, kNow));
}

TEST(IdentityService, IssuesExpiredTokensOnDemand) {
  const std::string token = service().issue({"team-a", "puller", {"cloudsmith"}, std::chrono::seconds(-60)}, kNow);
  const auto verified = verifyToken(token, {&service().key(), 1}, {"https://issuer.test", "cloudsmith", kNow});
  ASSERT_TRUE(std::holds_alternative<TokenProblem>(verified));
  EXPECT_EQ(std::get<TokenProblem>(verified).reason, "Token has expired.");
}

TEST(IdentityService, PublishesItsKeyWhereDiscoveryPoints) {
  const auto parsed = parseJson(get("/.well-known/openid-configuration").body);
  const Json& document = std::get<Json>(parsed);
  EXPECT_EQ(claimText(document, "/issuer"), "https://issuer.test");
  EXPECT_EQ(claimText(document, "/jwks_uri"), "https://issuer.test/openid/v1/jwks");
  const auto keys = readKeySet(get("/openid/v1/jwks").body);
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(keys[0].id(), service().key().id());
}

TEST(IdentityService, AnswersNothingElse) {
  EXPECT_EQ(get("/").status, 404);
  EXPECT_EQ(service().answer({"POST", "/openid/v1/jwks", {}, ""}).status, 405);
}

}  // namespace
}  // namespace rcb::test
