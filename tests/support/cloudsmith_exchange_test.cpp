#include "tests/support/cloudsmith_exchange.hpp"

#include "core/support/json_writer.hpp"
#include "tests/support/identity_service.hpp"
#include "tests/support/json_web_token.hpp"

#include <gtest/gtest.h>

namespace rcb::test {
namespace {

const UnixTime kNow{std::chrono::seconds(1'800'000'000)};

class CloudsmithExchangeTest : public testing::Test {
 protected:
  std::string token(const std::string& namespaceName, const std::string& serviceAccount,
                    const std::string& audience = "cloudsmith", std::chrono::seconds life = std::chrono::hours(1)) {
    return identity_.issue({namespaceName, serviceAccount, {audience}, life}, kNow);
  }
  ServerReply post(const std::string& target, const std::string& token, const std::string& service) {
    std::string body;
    JsonWriter writer(body);
    writer.beginObject();
    writer.member("oidc_token", token);
    writer.member("service_slug", service);
    writer.endObject();
    return exchange_.answer({"POST", target, {{"content-type", "application/json"}}, body});
  }
  static std::string member(const ServerReply& reply, const std::string& pointer) {
    const auto parsed = parseJson(reply.body);
    return claimText(std::get<Json>(parsed), pointer);
  }

  CloudsmithPolicy policy_ = defaultCloudsmithPolicy();
  IdentityService identity_{"https://issuer.test", SigningKey::generate(SignatureAlgorithm::kEs256)};
  CloudsmithExchange exchange_{{.issuer = "https://issuer.test",
                                .issuerKeys = [this] { return std::vector{identity_.key()}; },
                                .policy = [this] { return policy_; },
                                .now = [] { return kNow; }},
                               SigningKey::generate(SignatureAlgorithm::kEs256)};
};

TEST_F(CloudsmithExchangeTest, TradesATokenOnBothPaths) {
  for (const char* target : {"/openid/acme/", "/v2/openid/acme"}) {
    const ServerReply reply = post(target, token("team-a", "puller"), "kubelet-puller");
    ASSERT_EQ(reply.status, 201) << reply.body;
    const auto verified = verifyToken(member(reply, "/token"), {&exchange_.key(), 1},
                                      {CloudsmithExchange::kIssuer, CloudsmithExchange::kAudience, kNow});
    ASSERT_TRUE(std::holds_alternative<Json>(verified));
    EXPECT_EQ(claimText(std::get<Json>(verified), "/org"), "acme");
    EXPECT_EQ(claimText(std::get<Json>(verified), "/sub"), "kubelet-puller");
    EXPECT_EQ(*std::get<Json>(verified).find("exp")->integer(), 1'800'005'400);
    EXPECT_EQ(exchange_.issued().back(), member(reply, "/token"));
  }
}

TEST_F(CloudsmithExchangeTest, RefusesATokenThatDoesNotVerify) {
  const IdentityService stranger("https://issuer.test", SigningKey::generate(SignatureAlgorithm::kEs256));
  const std::string forged = stranger.issue({"team-a", "puller", {"cloudsmith"}}, kNow);
  EXPECT_EQ(post("/openid/acme/", forged, "kubelet-puller").status, 401);
  EXPECT_EQ(post("/openid/acme/", token("team-a", "puller", "other"), "kubelet-puller").status, 401);
  const ServerReply late =
      post("/openid/acme/", token("team-a", "puller", "cloudsmith", std::chrono::seconds(0)), "kubelet-puller");
  EXPECT_EQ(late.status, 401);
  EXPECT_EQ(member(late, "/detail"), "Token has expired.");
  EXPECT_TRUE(exchange_.issued().empty());
}

TEST_F(CloudsmithExchangeTest, AppliesTheServicesRules) {
  EXPECT_EQ(post("/openid/acme/", token("default", "puller"), "kubelet-puller").status, 401);
  EXPECT_EQ(post("/openid/acme/", token("team-a", "puller"), "release-puller").status, 401);
  EXPECT_EQ(post("/openid/acme/", token("release", "deployer"), "release-puller").status, 201);
  EXPECT_EQ(post("/openid/acme/", token("team-a", "puller"), "unknown").status, 401);
  EXPECT_EQ(post("/openid/acme/", token("team-a", "puller"), "retired").status, 403);
  EXPECT_EQ(post("/openid/globex/", token("team-a", "puller"), "kubelet-puller").status, 401);
  EXPECT_EQ(post("/openid/unknown/", token("team-a", "puller"), "kubelet-puller").status, 404);
}

TEST_F(CloudsmithExchangeTest, RefusesMalformedRequests) {
  const auto answer = [this](const std::string& method, const std::string& target, const std::string& type,
                             const std::string& body) {
    return exchange_.answer({method, target, {{"content-type", type}}, body}).status;
  };
  EXPECT_EQ(answer("GET", "/openid/acme/", "application/json", "{}"), 405);
  EXPECT_EQ(answer("POST", "/openid/acme/", "text/plain", "{}"), 415);
  EXPECT_EQ(answer("POST", "/openid/acme/", "application/json", "{}"), 422);
  EXPECT_EQ(answer("POST", "/openid/acme/", "application/json", "oidc_token=a"), 422);
  for (const char* target : {"/", "/openid/acme", "/openid//", "/openid/a/b/", "/v2/openid/acme/", "/openid/a%2Fb/"}) {
    EXPECT_EQ(answer("POST", target, "application/json", "{}"), 404) << target;
  }
}

TEST_F(CloudsmithExchangeTest, IssuesTokensOfTheSetLife) {
  policy_.tokenLife = std::chrono::seconds(90);
  const auto life = [this] {
    const std::string issued = member(post("/openid/acme/", token("team-a", "puller"), "kubelet-puller"), "/token");
    const auto verified = verifyToken(issued, {&exchange_.key(), 1},
                                      {CloudsmithExchange::kIssuer, CloudsmithExchange::kAudience, kNow, false});
    const Json* expiry = std::get<Json>(verified).find("exp");
    return expiry == nullptr ? -1 : *expiry->integer() - kNow.time_since_epoch().count();
  };
  EXPECT_EQ(life(), 90);
  policy_.tokenLife.reset();
  EXPECT_EQ(life(), -1);
}

TEST_F(CloudsmithExchangeTest, AnswersAsToldAndRemembersAll) {
  exchange_.answerNext({ServerReply{502, {}, "<html>${TOKEN}</html>"}, std::nullopt});
  const std::string sent = token("team-a", "puller");
  EXPECT_EQ(post("/openid/acme/", sent, "kubelet-puller").body, "<html>" + sent + "</html>");
  EXPECT_EQ(post("/openid/acme/", sent, "kubelet-puller").status, 201);
  const auto exchanges = exchange_.exchanges();
  ASSERT_EQ(exchanges.size(), 2u);
  EXPECT_EQ(exchanges[0].status, 502);
  EXPECT_EQ(exchanges[0].service, "kubelet-puller");
  EXPECT_EQ(exchanges[1].serviceAccount, "team-a/puller");
}

TEST(CloudsmithPolicy, IsReadFromJson) {
  const CloudsmithPolicy policy = readCloudsmithPolicy(
      R"({"audience":"a","tokenLife":"90s","organizations":{"o":{"s":{"allow":["n/*"],"pull":["o/*"],"enabled":false}}}})");
  EXPECT_EQ(policy.audience, "a");
  EXPECT_EQ(policy.tokenLife, std::chrono::seconds(90));
  EXPECT_EQ(readCloudsmithPolicy(R"({"clockAhead":"1h"})").clockAhead, std::chrono::hours(1));
  ASSERT_EQ(policy.organizations.size(), 1u);
  const CloudsmithService* service = findService(policy.organizations[0], "s");
  ASSERT_NE(service, nullptr);
  EXPECT_EQ(service->allow, std::vector<std::string>{"n/*"});
  EXPECT_FALSE(service->enabled);
  EXPECT_FALSE(readCloudsmithPolicy(R"({"tokenLife":null})").tokenLife);
  EXPECT_EQ(readCloudsmithPolicy("{}").organizations.size(), 2u);
}

TEST(CloudsmithPolicy, IsRefusedWhenItIsWrong) {
  for (const char* json : {"", "[]", R"({"tokenlife":"90s"})", R"({"tokenLife":90})", R"({"organizations":{"o":[]}})",
                           R"({"organizations":{"o":{"s":{"allow":"*"}}}})"}) {
    EXPECT_THROW(readCloudsmithPolicy(json), std::runtime_error) << json;
  }
}

}  // namespace
}  // namespace rcb::test
