#include "tests/support/json_web_token.hpp"

#include "core/support/base64.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace rcb::test {
namespace {

const UnixTime kNow{std::chrono::seconds(1'800'000'000)};
const TokenRules kRules{.issuer = "https://issuer.test", .audience = "cloudsmith", .now = kNow};
const std::string kGood =
    R"({"iss":"https://issuer.test","aud":["other","cloudsmith"],"exp":1800000001,"nbf":1800000000})";

const SigningKey& ecKey() {
  static const SigningKey key = SigningKey::generate(SignatureAlgorithm::kEs256);
  return key;
}
const SigningKey& rsaKey() {
  static const SigningKey key = SigningKey::generate(SignatureAlgorithm::kRs256);
  return key;
}

// Why our verifier refuses a token of ecKey(), or "accepted".
std::string verdict(const std::string& token, const TokenRules& rules = kRules) {
  const auto verified = verifyToken(token, {&ecKey().publicKey(), 1}, rules);
  const auto* problem = std::get_if<TokenProblem>(&verified);
  return problem == nullptr ? "accepted" : problem->reason;
}

std::string verdictOnClaims(const std::string& claims) { return verdict(signToken(ecKey(), claims)); }

TEST(JsonWebToken, IsAcceptedFromBothKindsOfKeys) {
  for (const SigningKey* key : {&ecKey(), &rsaKey()}) {
    const auto verified = verifyToken(signToken(*key, kGood), {&key->publicKey(), 1}, kRules);
    ASSERT_TRUE(std::holds_alternative<Json>(verified));
    EXPECT_EQ(claimText(std::get<Json>(verified), "/iss"), "https://issuer.test");
  }
}

TEST(JsonWebToken, IsRefusedWithAnotherKeysSignature) {
  const SigningKey other = SigningKey::generate(SignatureAlgorithm::kEs256);
  EXPECT_EQ(verdict(signToken(other, kGood)), "Token was signed with an unknown key.");
}

TEST(JsonWebToken, IsRefusedWhenAnyOfItsBitsChanges) {
  const std::string token = signToken(ecKey(), kGood);
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_NE(verdict(changed), "accepted") << at;
  }
}

TEST(JsonWebToken, IsRefusedWithoutSignature) {
  const std::string token = signToken(ecKey(), kGood);
  EXPECT_EQ(verdict(token.substr(0, token.rfind('.') + 1)), "Token has a wrong signature.");
  EXPECT_EQ(verdict(token.substr(0, token.rfind('.'))), "Token is malformed.");
  const std::string none = encodeBase64Url(R"({"alg":"none"})") + "." + encodeBase64Url(kGood) + ".";
  EXPECT_EQ(verdict(none), "Token was signed with an unknown key.");
}

TEST(JsonWebToken, IsRefusedWhenTheHeaderNamesAnotherAlgorithmThanTheKeys) {
  const std::string header = R"({"alg":"RS256","kid":")" + ecKey().publicKey().id() + "\"}";
  const std::string message = encodeBase64Url(header) + "." + encodeBase64Url(kGood);
  EXPECT_EQ(verdict(message + "." + encodeBase64Url(ecKey().sign(message))), "Token was signed with an unknown key.");
}

TEST(JsonWebToken, IsRefusedFromAnotherIssuer) {
  EXPECT_EQ(verdictOnClaims(R"({"iss":"https://issuer.test/","aud":"cloudsmith","exp":1900000000})"),
            "Token has an unknown issuer.");
  EXPECT_EQ(verdictOnClaims(R"({"aud":"cloudsmith","exp":1900000000})"), "Token has an unknown issuer.");
}

TEST(JsonWebToken, IsRefusedForAnotherAudience) {
  EXPECT_EQ(verdictOnClaims(R"({"iss":"https://issuer.test","aud":["cloudsmith2"],"exp":1900000000})"),
            "Token is for another audience.");
  EXPECT_EQ(verdictOnClaims(R"({"iss":"https://issuer.test","exp":1900000000})"), "Token is for another audience.");
}

TEST(JsonWebToken, IsRefusedFromItsLastSecondOn) {
  EXPECT_EQ(verdictOnClaims(R"({"iss":"https://issuer.test","aud":"cloudsmith","exp":1800000000})"),
            "Token has expired.");
  EXPECT_EQ(verdictOnClaims(R"({"iss":"https://issuer.test","aud":"cloudsmith","exp":1800000001})"), "accepted");
}

TEST(JsonWebToken, IsRefusedBeforeItsTime) {
  EXPECT_EQ(verdictOnClaims(R"({"iss":"https://issuer.test","aud":"cloudsmith","exp":1900000000,"nbf":1800000001})"),
            "Token is not valid yet.");
}

TEST(JsonWebToken, IsRefusedWithoutExpiryUnlessThatIsAllowed) {
  const std::string token = signToken(ecKey(), R"({"iss":"https://issuer.test","aud":"cloudsmith"})");
  EXPECT_EQ(verdict(token), "Token has no expiry.");
  TokenRules rules = kRules;
  rules.expiryRequired = false;
  EXPECT_EQ(verdict(token, rules), "accepted");
}

TEST(JsonWebToken, IsRefusedWhenItIsNone) {
  for (const char* text : {"", ".", "..", "a.b.c", "e30.e30.e30", "eyJ9.e30."}) {
    EXPECT_NE(verdict(text), "accepted") << text;
  }
}

TEST(KeySet, IsReadAsItWasWritten) {
  const std::vector<VerificationKey> keys = {ecKey().publicKey(), rsaKey().publicKey()};
  const std::vector<VerificationKey> read = readKeySet(writeKeySet(keys));
  ASSERT_EQ(read.size(), 2u);
  for (const SigningKey* key : {&ecKey(), &rsaKey()}) {
    EXPECT_TRUE(std::holds_alternative<Json>(verifyToken(signToken(*key, kGood), read, kRules)));
  }
  EXPECT_EQ(writeKeySet(read), writeKeySet(keys));
}

TEST(KeySet, LeavesOutKeysOfOtherKinds) {
  EXPECT_TRUE(
      readKeySet(R"({"keys":[{"kty":"oct","k":"AA"},{"kty":"EC","crv":"P-384"},{"kty":"RSA"},7,null]})").empty());
  EXPECT_TRUE(readKeySet(R"({"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]})").empty());
  EXPECT_TRUE(readKeySet("{}").empty());
  EXPECT_TRUE(readKeySet("<html>").empty());
}

TEST(SigningKey, IsReadAsItWasWritten) {
  const TempFolder folder;
  for (const SigningKey* key : {&ecKey(), &rsaKey()}) {
    key->writePemFile(folder.path() + "/key");
    EXPECT_EQ(SigningKey::fromPemFile(folder.path() + "/key").publicKey().id(), key->publicKey().id());
  }
}

}  // namespace
}  // namespace rcb::test
