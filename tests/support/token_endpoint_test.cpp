#include "tests/support/token_endpoint.hpp"

#include "core/support/base64.hpp"
#include "core/support/percent_coding.hpp"
#include "tests/support/identity_service.hpp"

#include <gtest/gtest.h>

namespace rcb::test {
namespace {

const UnixTime kNow{std::chrono::seconds(1'800'000'000)};
constexpr const char* kExchange =
    "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token_type="
    "urn:ietf:params:oauth:token-type:jwt&subject_token=";
constexpr const char* kAssertion =
    "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&"
    "grant_type=client_credentials&client_assertion=";

class TokenEndpointTest : public testing::Test {
 protected:
  std::string token(const std::string& namespaceName = "team-a", const std::string& audience = "login.test",
                    std::chrono::seconds life = std::chrono::hours(1)) {
    return identity_.issue({namespaceName, "puller", {audience}, life}, kNow);
  }
  ServerReply post(const std::string& body, const std::string& authorization = "",
                   const std::string& type = "application/x-www-form-urlencoded") {
    return endpoint_.answer({"POST", "/oauth/token", {{"content-type", type}, {"authorization", authorization}}, body});
  }
  ServerReply bearer(const std::string& token) {
    return endpoint_.answer({"GET", "/oauth/ci?aud=a", {{"authorization", "Bearer " + token}}, ""});
  }

  IdentityService identity_{"https://issuer.test", SigningKey::generate(SignatureAlgorithm::kEs256)};
  TokenEndpoint endpoint_{{.issuer = "https://issuer.test",
                           .issuerKeys = [this] { return std::vector{identity_.key()}; },
                           .now = [this] { return now_; }}};
  UnixTime now_ = kNow;
};

TEST_F(TokenEndpointTest, ExchangesATokenInEveryGrant) {
  EXPECT_EQ(post(kExchange + token()).status, 200);
  EXPECT_EQ(post("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=" + token()).status, 200);
  EXPECT_EQ(post(kAssertion + token()).status, 200);
  EXPECT_EQ(post(R"({"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer","assertion":")" + token() + "\"}", "",
                 "application/json")
                .status,
            200);
  EXPECT_EQ(bearer(token()).status, 200);
  EXPECT_EQ(endpoint_.issued().size(), 5u);
}

TEST_F(TokenEndpointTest, AcceptsWhatItIssuedUntilThatExpires) {
  bearer(token());
  const std::string issued = endpoint_.issued().back();
  EXPECT_TRUE(endpoint_.accepts(issued));
  for (const std::string& other : {std::string(), issued.substr(1), token()}) EXPECT_FALSE(endpoint_.accepts(other));
  now_ += std::chrono::seconds(TokenEndpoint::kLifetime);
  EXPECT_FALSE(endpoint_.accepts(issued));
}

TEST_F(TokenEndpointTest, RefusesATokenThatDoesNotVerify) {
  const IdentityService stranger("https://issuer.test", SigningKey::generate(SignatureAlgorithm::kEs256));
  for (const std::string& bad :
       {stranger.issue({"team-a", "puller", {"login.test"}}, kNow), token("default"), token("team-a", "other"),
        token("team-a", "login.test", std::chrono::seconds(0)), std::string("x")}) {
    EXPECT_EQ(post(kExchange + bad).status, 400) << bad;
    EXPECT_EQ(bearer(bad).status, 403) << bad;
  }
  EXPECT_TRUE(endpoint_.issued().empty());
}

TEST_F(TokenEndpointTest, RefusesAClientThatCannotProveItself) {
  const auto login = [](const std::string& id, const std::string& secret) {
    return "Basic " + std::string(encodeBase64(std::string(encodePercent(id).reveal()) + ":" +
                                               std::string(encodePercent(secret).reveal()))
                                      .reveal());
  };
  EXPECT_EQ(post(kExchange + token(), login(TokenEndpoint::kClientId, TokenEndpoint::kClientSecret)).status, 200);
  EXPECT_EQ(post(kExchange + token(), login(TokenEndpoint::kClientId, "wrong")).status, 401);
  EXPECT_EQ(post(kExchange + token() + "&client_id=node+client&client_secret=s3cret:%25%2B%26+of+the+client").status,
            200);
  EXPECT_EQ(post(kExchange + token() + "&client_id=node+client&client_secret=wrong").status, 401);
}

TEST_F(TokenEndpointTest, RefusesRequestsThatAreNotComplete) {
  EXPECT_EQ(post("").status, 400);
  EXPECT_EQ(post("subject_token=" + token()).status, 400);
  EXPECT_EQ(post(kExchange + token() + "&scope=pull:team-b").status, 400);
  EXPECT_EQ(post(kExchange + token() + "&scope=pull:team-a").status, 200);
  EXPECT_EQ(post("{}", "", "text/plain").status, 400);
  EXPECT_EQ(endpoint_.answer({"GET", "/oauth/token", {}, ""}).status, 405);
  EXPECT_EQ(endpoint_.answer({"GET", "/oauth/ci", {}, ""}).status, 401);
  EXPECT_EQ(endpoint_.answer({"GET", "/oauth/", {}, ""}).status, 404);
}

}  // namespace
}  // namespace rcb::test
