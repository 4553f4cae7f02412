#include "core/cluster/service_account.hpp"

#include "core/support/base64.hpp"
#include "tests/core/cluster/api_fixture.hpp"

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Json jsonOf(std::string_view text) { return std::get<Json>(parseJson(text)); }

std::string jwt(std::string_view header, std::string_view claims) {
  return encodeBase64Url(header) + "." + encodeBase64Url(claims) + ".c2lnbmF0dXJl";
}

class ServiceAccountTest : public test::ApiFixture {};

TEST_F(ServiceAccountTest, HasItsAnnotationsAndTheNamesOfItsPullSecrets) {
  const ServiceAccount account = readServiceAccount(jsonOf(
      R"({"metadata":{"annotations":{"a/b":"c","d":7}},"imagePullSecrets":[{"name":"one"},{"name":""},{"name":"two"}]})"));
  EXPECT_THAT(account.annotations, ElementsAre(Pair("a/b", "c")));
  EXPECT_THAT(account.pullSecrets, ElementsAre("one", "two"));
}

TEST_F(ServiceAccountTest, IsReadWhateverItsMembersAre) {
  for (const char* text :
       {"{}", R"({"metadata":7})", R"({"metadata":{"annotations":[]},"imagePullSecrets":{}})", "[]"}) {
    const ServiceAccount account = readServiceAccount(jsonOf(text));
    EXPECT_THAT(account.annotations, IsEmpty()) << text;
    EXPECT_THAT(account.pullSecrets, IsEmpty()) << text;
  }
}

TEST_F(ServiceAccountTest, IsFoundByItsNames) {
  answer(404, R"({"message":"serviceaccounts \"puller\" not found"})");
  const ApiAnswer none = getServiceAccount(api(), "team-a", "puller");
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(none.message, "serviceaccounts \"puller\" not found");
  EXPECT_EQ(server_->requests().at(0).target, "/api/v1/namespaces/team-a/serviceaccounts/puller");
}

TEST_F(ServiceAccountTest, GetsATokenBoundToAPod) {
  answer(201, R"({"status":{"token":"canary","expirationTimestamp":"2030-01-01T00:00:00Z"}})");
  Pod pod;
  pod.namespaceName = "team-a";
  pod.name = "app";
  pod.uid = "u-1";
  pod.serviceAccount = "puller";
  const ApiAnswer issued = requestToken(api(), pod, "registry.test");
  EXPECT_EQ(readToken(issued.body).reveal(), "canary");
  const auto request = server_->requests().at(0);
  EXPECT_EQ(request.target, "/api/v1/namespaces/team-a/serviceaccounts/puller/token");
  EXPECT_EQ(request.body,
            R"({"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":)"
            R"(["registry.test"],"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"app","uid":"u-1"}}})");
}

TEST_F(ServiceAccountTest, GetsNoTokenFromAnAnswerWithoutOne) {
  for (const char* text : {"{}", R"({"status":{"token":7}})", R"({"status":"canary"})"}) {
    EXPECT_TRUE(readToken(jsonOf(text)).empty()) << text;
  }
}

TEST(TokenOrigin, IsTheIssuerAndTheKey) {
  const TokenOrigin origin =
      parseTokenOrigin(jwt(R"({"alg":"RS256","kid":"key-1"})", R"({"iss":"https://issuer.test","sub":"x"})"));
  EXPECT_EQ(origin.issuer, "https://issuer.test");
  EXPECT_EQ(origin.keyId, "key-1");
}

TEST(TokenOrigin, IsEmptyForAnythingElse) {
  for (const std::string& text : {std::string(), std::string("a"), std::string("a.b"), std::string("!.!.!"),
                                  jwt("[]", "7"), jwt(R"({"kid":7})", R"({"iss":[]})"), std::string(100'000, 'a')}) {
    const TokenOrigin origin = parseTokenOrigin(text);
    EXPECT_EQ(origin.issuer, "");
    EXPECT_EQ(origin.keyId, "");
  }
}

}  // namespace
}  // namespace rcb
