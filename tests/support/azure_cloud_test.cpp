#include "tests/support/azure_cloud.hpp"

#include "tests/support/identity_service.hpp"

#include <gmock/gmock.h>

namespace rcb::test {
namespace {

using testing::HasSubstr;

const UnixTime kNow{std::chrono::seconds(1'800'000'000)};
constexpr const char* kForm = "application/x-www-form-urlencoded";

Json parsed(const ServerReply& reply) {
  auto document = parseJson(reply.body);
  return std::move(std::get<Json>(document));
}

class AzureCloudTest : public testing::Test {
 protected:
  std::string token(const std::string& account = "puller", const std::string& audience = AzureCloud::kAudience,
                    std::chrono::seconds life = std::chrono::hours(1)) {
    return identity_.issue({"team-a", account, {audience}, life}, kNow);
  }
  ServerReply login(const std::string& assertion, const std::string& client = AzureCloud::kPuller,
                    const std::string& tenant = AzureCloud::kTenant, const std::string& scope = AzureCloud::kScope) {
    const std::string body =
        "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3A"
        "jwt-bearer&client_assertion=" +
        assertion + "&client_id=" + client + "&scope=" + scope;
    return azure_.answer({"POST", "/" + tenant + "/oauth2/v2.0/token", {{"content-type", kForm}}, body});
  }
  std::int64_t entraCode(const ServerReply& reply) { return *parsed(reply).at("/error_codes/0")->integer(); }
  std::string accessToken(const std::string& client = AzureCloud::kPuller) {
    return claimText(parsed(login(token(), client)), "/access_token");
  }
  ServerReply exchange(const std::string& accessToken, const std::string& service = "contoso.azurecr.io",
                       const std::string& tenant = AzureCloud::kTenant,
                       const std::string& host = "contoso.azurecr.io") {
    std::string body = "grant_type=access_token&service=" + service + "&access_token=" + accessToken;
    if (!tenant.empty()) body += "&tenant=" + tenant;
    return azure_.answer({"POST", "/oauth2/exchange", {{"content-type", kForm}, {"host", host}}, body});
  }

  IdentityService identity_{"https://issuer.test", SigningKey::generate(SignatureAlgorithm::kEs256)};
  AzureCloud azure_{{.issuer = "https://issuer.test",
                     .issuerKeys = [this] { return std::vector{identity_.key()}; },
                     .now = [] { return kNow; }},
                    SigningKey::generate(SignatureAlgorithm::kEs256)};
};

TEST_F(AzureCloudTest, ExchangesThePodsTokenForARefreshToken) {
  const ServerReply reply = exchange(accessToken());
  ASSERT_EQ(reply.status, 200);
  const auto claims = verifyToken(claimText(parsed(reply), "/refresh_token"), {&azure_.key(), 1},
                                  {"Azure Container Registry", "contoso.azurecr.io", kNow});
  EXPECT_TRUE(std::holds_alternative<Json>(claims));
  EXPECT_EQ(azure_.issued().size(), 2u);
}

TEST_F(AzureCloudTest, AcceptsARefreshTokenAtItsOwnRegistryOnly) {
  const std::string refreshToken = claimText(parsed(exchange(accessToken())), "/refresh_token");
  EXPECT_TRUE(azure_.accepts("contoso.azurecr.io", refreshToken));
  EXPECT_FALSE(azure_.accepts("other.azurecr.io", refreshToken));
  for (const std::string& other : {std::string(), accessToken(), token()}) {
    EXPECT_FALSE(azure_.accepts("contoso.azurecr.io", other));
  }
}

TEST_F(AzureCloudTest, KnowsATenantByItsDomainToo) {
  EXPECT_EQ(login(token(), AzureCloud::kPuller, AzureCloud::kTenantDomain).status, 200);
  EXPECT_EQ(entraCode(login(token(), AzureCloud::kPuller, "fabrikam.onmicrosoft.com")), 90002);
}

TEST_F(AzureCloudTest, RefusesAnAssertionWithTheCodeOfItsFault) {
  const IdentityService stranger("https://issuer.test", SigningKey::generate(SignatureAlgorithm::kEs256));
  const IdentityService other("https://other.test", SigningKey::generate(SignatureAlgorithm::kEs256));
  EXPECT_EQ(entraCode(login(token("deployer"))), 700213);
  EXPECT_EQ(entraCode(login(token("puller", "api://other"))), 700212);
  EXPECT_EQ(entraCode(login(token("puller", AzureCloud::kAudience, std::chrono::seconds(0)))), 700024);
  EXPECT_EQ(entraCode(login(stranger.issue({"team-a", "puller", {AzureCloud::kAudience}}, kNow))), 700027);
  EXPECT_EQ(entraCode(login("x")), 700027);
  EXPECT_TRUE(azure_.issued().empty());
}

TEST_F(AzureCloudTest, RefusesAClientWithTheCodeOfItsFault) {
  EXPECT_EQ(entraCode(login(token(), AzureCloud::kNotFederated)), 70025);
  EXPECT_EQ(entraCode(login(token(), "aaaaaaaa-0000-0000-0000-000000000009")), 700016);
  EXPECT_EQ(entraCode(login(token(), AzureCloud::kPuller, AzureCloud::kTenant, "https://other/.default")), 70011);
  EXPECT_EQ(entraCode(login("")), 900144);
  const ServerReply throttled = login(token(), AzureCloud::kThrottled);
  EXPECT_EQ(throttled.status, 429);
  EXPECT_EQ(throttled.headers.back().first, "Retry-After");
}

TEST_F(AzureCloudTest, TakesNoExchangeOfAnotherServiceTenantOrClient) {
  EXPECT_EQ(exchange(accessToken(), "other.azurecr.io").status, 400);
  EXPECT_EQ(exchange(accessToken(), "contoso.azurecr.io", "99999999-2222-3333-4444-555555555555").status, 401);
  EXPECT_EQ(exchange(accessToken(), "contoso.azurecr.io", "").status, 200);
  EXPECT_EQ(exchange(accessToken(AzureCloud::kWithoutRole)).status, 401);
  EXPECT_EQ(exchange(token()).status, 401);
  EXPECT_EQ(exchange("").status, 401);
}

TEST_F(AzureCloudTest, NamesTheRegistryInTheChallengeOfAReplica) {
  const std::string replica = "contoso.eastus.geo.azurecr.io";
  const ServerReply reply = azure_.answer({"GET", "/v2/", {{"host", replica}}, ""});
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.headers.back().second,
            "Bearer realm=\"https://contoso.eastus.geo.azurecr.io/oauth2/token\",service=\"contoso.azurecr.io\"");
  EXPECT_EQ(exchange(accessToken(), "contoso.azurecr.io", AzureCloud::kTenant, replica).status, 200);
  EXPECT_EQ(exchange(accessToken(), replica, AzureCloud::kTenant, replica).status, 400);
}

TEST_F(AzureCloudTest, SaysWhatOperatorsSearchFor) {
  EXPECT_THAT(login(token("deployer")).body,
              HasSubstr("AADSTS700213: No matching federated identity record found for presented assertion subject "
                        "'system:serviceaccount:team-a:deployer'"));
}

}  // namespace
}  // namespace rcb::test
