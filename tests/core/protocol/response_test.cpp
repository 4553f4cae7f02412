#include "core/protocol/response.hpp"

#include "core/support/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb {
namespace {

using namespace std::chrono_literals;

Response response() {
  Response answer;
  answer.cacheDuration = 54min;
  answer.key = "docker.cloudsmith.io";
  answer.username = "token";
  answer.password = Secret("jwt");
  return answer;
}

Json written(const Response& answer) {
  const Secret text = serialiseResponse(answer);
  auto parsed = parseJson(text.reveal());
  EXPECT_TRUE(std::holds_alternative<Json>(parsed));
  return std::move(std::get<Json>(parsed));
}

TEST(Response, IsOneLineOfJson) {
  EXPECT_EQ(
      serialiseResponse(response()).reveal(),
      R"({"kind":"CredentialProviderResponse","apiVersion":"credentialprovider.kubelet.k8s.io/v1","cacheKeyType":"Registry",)"
      R"("cacheDuration":"54m0s","auth":{"docker.cloudsmith.io":{"username":"token","password":"jwt"}}})"
      "\n");
}

// The kubelet decodes strictly: a member that it does not know discards the answer.
TEST(Response, HasTheMembersThatTheKubeletKnowsAndNoOther) {
  const Json document = written(response());
  std::vector<std::string> names;
  for (const auto& member : *document.object()) names.emplace_back(member.first);
  EXPECT_THAT(names, testing::UnorderedElementsAre("kind", "apiVersion", "cacheKeyType", "cacheDuration", "auth"));
  ASSERT_EQ(document.find("auth")->object()->size(), 1U);
  EXPECT_EQ(document.find("auth")->object()->at(0).second.object()->size(), 2U);
}

TEST(Response, IsOfTheVersionAsked) {
  Response answer = response();
  for (const ApiVersion version : {ApiVersion::kV1, ApiVersion::kV1Beta1, ApiVersion::kV1Alpha1}) {
    answer.version = version;
    EXPECT_EQ(*written(answer).find("apiVersion")->string(), apiVersionName(version));
  }
}

TEST(Response, AlwaysSaysHowLongItMayBeKept) {
  Response answer = response();
  answer.cacheDuration = 0s;
  EXPECT_EQ(*written(answer).find("cacheDuration")->string(), "0s");
}

TEST(Response, SaysWhatItIsKeptBy) {
  Response answer = response();
  answer.cacheKeyType = CacheKeyType::kImage;
  EXPECT_EQ(*written(answer).find("cacheKeyType")->string(), "Image");
}

TEST(Response, CarriesEveryCharacterOfACredential) {
  Response answer = response();
  std::string all;
  for (int c = 1; c < 0x80; ++c) all += static_cast<char>(c);
  all += "\xc3\xbc\xf0\x9f\x98\x80";
  answer.username = all;
  answer.password = Secret(all);
  answer.key = "[::1]:5000/team";
  const Json document = written(answer);
  EXPECT_EQ(*document.at("/auth/[::1]:5000~1team/username")->string(), all);
  EXPECT_EQ(*document.at("/auth/[::1]:5000~1team/password")->string(), all);
}

TEST(Response, CarriesALongPassword) {
  Response answer = response();
  answer.password = Secret(std::string(100'000, '"'));
  EXPECT_EQ(written(answer).at("/auth/docker.cloudsmith.io/password")->string()->size(), 100'000U);
}

}  // namespace
}  // namespace rcb
