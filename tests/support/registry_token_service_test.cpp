#include "tests/support/registry_token_service.hpp"

#include "tests/support/json_web_token.hpp"

#include <gtest/gtest.h>

namespace rcb::test {
namespace {

const UnixTime kNow{std::chrono::seconds(1'800'000'000)};
constexpr const char* kBasic = "Basic dXNlcjpwYTpzcw==";  // user:pa:ss

class RegistryTokenServiceTest : public testing::Test {
 protected:
  ServerReply get(const std::string& query, const std::string& authorization = kBasic) const {
    return service_.answer({"GET", "/token?" + query, {{"authorization", authorization}}, ""});
  }
  ServerReply post(const std::string& body) const { return service_.answer({"POST", "/token", {}, body}); }

  // The `access` of the token in a reply as "name:actions name:actions", or the status if there is none.
  std::string access(const ServerReply& reply) const {
    if (reply.status != 200) return std::to_string(reply.status);
    const auto parsed = parseJson(reply.body);
    const auto verified = verifyToken(claimText(std::get<Json>(parsed), "/access_token"), {&key_.publicKey(), 1},
                                      {RegistryTokenService::kIssuer, "registry", kNow});
    std::string text;
    for (const Json& grant : *std::get<Json>(verified).find("access")->array()) {
      text += (text.empty() ? "" : " ") + claimText(grant, "/name") + ":" + claimText(grant, "/actions/0");
    }
    return text;
  }

  const SigningKey key_ = SigningKey::generate(SignatureAlgorithm::kEs256);
  const RegistryTokenService service_{
      {.service = "registry",
       .certificateChain = {},
       .authenticate = [](const std::string& user,
                          const std::string& password) -> std::optional<std::vector<std::string>> {
         if (user != "user" || password != "pa:ss") return std::nullopt;
         return std::vector<std::string>{"acme/*"};
       },
       .now = [] { return kNow; }},
      key_};
};

TEST_F(RegistryTokenServiceTest, GrantsPullOfWhatTheUserMayPull) {
  EXPECT_EQ(access(get("service=registry&scope=repository:acme/app:pull")), "acme/app:pull");
  EXPECT_EQ(access(get("scope=repository%3Aacme%2Fapp%3Apull%2Cpush&service=registry")), "acme/app:pull");
  EXPECT_EQ(access(post("grant_type=password&username=user&password=pa%3Ass&service=registry&"
                        "scope=repository:acme/a:pull+repository:acme/b:pull")),
            "acme/a:pull acme/b:pull");
}

TEST_F(RegistryTokenServiceTest, GrantsNothingElse) {
  EXPECT_EQ(access(get("service=registry&scope=repository:globex/app:pull")), "");
  EXPECT_EQ(access(get("service=registry&scope=repository:acme/app:push")), "");
  EXPECT_EQ(access(get("service=registry&scope=registry:catalog:*&scope=invalid")), "");
  EXPECT_EQ(access(get("service=registry")), "");
}

TEST_F(RegistryTokenServiceTest, RefusesWhoeverItDoesNotKnow) {
  EXPECT_EQ(get("service=registry", "").status, 401);
  EXPECT_EQ(get("service=registry", "Basic !").status, 401);
  EXPECT_EQ(get("service=registry", "Basic dXNlcg==").status, 401);
  EXPECT_EQ(get("service=registry", "Basic dXNlcjpwYXNz").status, 401);
  EXPECT_EQ(get("service=registry", "Bearer dXNlcjpwYTpzcw==").status, 401);
  EXPECT_EQ(get("service=other").status, 401);
  EXPECT_EQ(post("grant_type=refresh_token&refresh_token=a&service=registry").status, 401);
  EXPECT_EQ(post("").status, 401);
}

TEST_F(RegistryTokenServiceTest, AnswersNothingElse) {
  EXPECT_EQ(service_.answer({"GET", "/", {}, ""}).status, 404);
  EXPECT_EQ(service_.answer({"PUT", "/token", {}, ""}).status, 405);
}

}  // namespace
}  // namespace rcb::test
