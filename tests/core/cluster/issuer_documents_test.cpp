#include "core/cluster/issuer_documents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

using testing::HasSubstr;

std::string metadataFault(std::string_view json) {
  const auto read = parseIssuerMetadata(json);
  const auto* fault = std::get_if<DocumentFault>(&read);
  return fault == nullptr ? "none" : fault->reason;
}

std::string keysFault(std::string_view json) {
  const auto read = parseIssuerKeys(json);
  const auto* fault = std::get_if<DocumentFault>(&read);
  return fault == nullptr ? "none" : fault->reason;
}

TEST(IssuerDocuments, NameTheIssuerAndItsKeys) {
  const auto metadata = std::get<IssuerMetadata>(
      parseIssuerMetadata(R"({"issuer":"https://issuer.test","jwks_uri":"https://issuer.test/keys","x":1})"));
  EXPECT_EQ(metadata.issuer, "https://issuer.test");
  EXPECT_EQ(metadata.keysUrl, "https://issuer.test/keys");
  const auto keys =
      std::get<std::vector<IssuerKey>>(parseIssuerKeys(R"({"keys":[{"kid":"a","kty":"RSA"},{"kty":"EC"},7]})"));
  ASSERT_EQ(keys.size(), 3U);
  EXPECT_EQ(keys[0].id, "a");
  EXPECT_EQ(keys[0].type, "RSA");
  EXPECT_EQ(keys[1].id, "");
}

TEST(IssuerDocuments, ThatAreNoneAreRefusedWithTheReason) {
  EXPECT_THAT(metadataFault("<html>"), HasSubstr("it is not valid JSON"));
  EXPECT_EQ(metadataFault("[]"), "it is not a JSON object");
  EXPECT_EQ(metadataFault("{}"), "it has no issuer");
  EXPECT_EQ(metadataFault(R"({"issuer":["https://issuer.test"]})"), "it has no issuer");
  EXPECT_EQ(metadataFault(R"({"issuer":"https://issuer.test"})"), "it has no jwks_uri");
  EXPECT_THAT(keysFault(""), HasSubstr("it is not valid JSON"));
  EXPECT_EQ(keysFault("{}"), "it has no list of keys");
  EXPECT_EQ(keysFault(R"({"keys":{}})"), "it has no list of keys");
  EXPECT_EQ(keysFault(R"({"keys":[]})"), "it has no keys");
  std::string many = R"({"keys":[{})";
  for (int i = 0; i < 1000; ++i) many += ",{}";
  EXPECT_EQ(keysFault(many + "]}"), "it has more than 1000 keys");
}

TEST(IssuerDocuments, AreShownWithoutControlCharacters) {
  const auto read = parseIssuerMetadata("{\"issuer\":\"https://a\\u001b[31m\",\"jwks_uri\":\"b\"}");
  EXPECT_EQ(std::get<IssuerMetadata>(read).issuer, "https://a?[31m");
}

TEST(IssuerHost, IsInternalIfOnlyTheClusterCanReachIt) {
  EXPECT_EQ(whyInternal("kubernetes.default.svc"), "it is a name that only pods of the cluster resolve");
  EXPECT_EQ(whyInternal("kubernetes.default.svc.cluster.local"), "it is a name that only pods of the cluster resolve");
  EXPECT_EQ(whyInternal("issuer.svc.k8s.corp"), "it is a name that only pods of the cluster resolve");
  EXPECT_EQ(whyInternal("10.96.0.1"), "it is an address of a private network");
  EXPECT_EQ(whyInternal("172.31.255.255"), "it is an address of a private network");
  EXPECT_EQ(whyInternal("100.64.0.1"), "it is an address of a private network");
  EXPECT_EQ(whyInternal("fd12::1"), "it is an address of a private network");
  EXPECT_EQ(whyInternal("127.0.0.1"), "it is a loopback address");
  EXPECT_EQ(whyInternal("localhost"), "it is a name of the machine itself");
  EXPECT_EQ(whyInternal("api"), "it is a name of a private network");
  EXPECT_EQ(whyInternal("api.corp.internal"), "it is a name of a private network");
}

TEST(IssuerHost, IsNotInternalIfItMayBePublic) {
  for (const char* host :
       {"oidc.eks.us-west-2.amazonaws.com", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "svc.example"}) {
    EXPECT_EQ(whyInternal(host), "") << host;
  }
}

}  // namespace
}  // namespace rcb
