#include "core/identity/token_claims.hpp"

#include "tests/core/identity/jwt.hpp"
#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb {
namespace {

using std::chrono::seconds;
using test::jwt;
using test::throwsError;
using testing::ElementsAre;
using testing::IsEmpty;

TokenClaims claims(std::string_view json) { return parseTokenClaims(jwt(json)); }

// `exp` in seconds, or -1 if there is none of use.
std::int64_t end(std::string_view exp) {
  const std::string json = "{\"exp\":" + std::string(exp) + "}";
  const auto ofToken = claims(json).expiresAt;
  const Expiry ofJwt = jwtExpiry(jwt(json));
  EXPECT_EQ(ofJwt.kind, ofToken ? Expiry::Kind::kAt : Expiry::Kind::kUnknown);
  EXPECT_EQ(ofJwt.at, ofToken.value_or(UnixTime()));
  return ofToken ? ofToken->time_since_epoch().count() : -1;
}

void expectRefused(std::string_view token, const std::string& why) {
  EXPECT_THAT([&] { parseTokenClaims(token); }, throwsError(ErrorCode::kTokenInvalid, why)) << token.substr(0, 100);
  EXPECT_EQ(jwtExpiry(token).kind, Expiry::Kind::kUnknown);
}

TEST(TokenClaims, AreThoseOfAKubernetesToken) {
  const TokenClaims read = claims(R"({"aud":["cloudsmith"],"exp":1700003600,"iat":1700000000,"nbf":1700000000,"jti":"x",
    "iss":"https://issuer.example.com","kubernetes.io":{"namespace":"team-a","node":{"name":"n","uid":"1"},"pod":{"name":"p","uid":"2"},
    "serviceaccount":{"name":"puller","uid":"3"}},"sub":"system:serviceaccount:team-a:puller"})");
  EXPECT_EQ(read.subject, "system:serviceaccount:team-a:puller");
  EXPECT_THAT(read.audiences, ElementsAre("cloudsmith"));
  EXPECT_EQ(read.expiresAt, UnixTime(std::chrono::seconds(1'700'003'600)));
  EXPECT_EQ(read.namespaceName, "team-a");
  EXPECT_EQ(read.serviceAccount, "puller");
}

TEST(TokenClaims, TakeTheNamesFromTheSubjectIfNeedBe) {
  const TokenClaims read = claims(R"({"sub":"system:serviceaccount:team-a:puller"})");
  EXPECT_EQ(read.namespaceName, "team-a");
  EXPECT_EQ(read.serviceAccount, "puller");
}

TEST(TokenClaims, TakeNoNamesFromAnotherKindOfSubject) {
  for (const std::string subject :
       {"", "system:serviceaccount:", "system:serviceaccount:team-a", "system:serviceaccount:a:b:c", "system:node:a:b",
        "xsystem:serviceaccount:a:b", "System:serviceaccount:a:b", "repo:acme/app:ref:refs/heads/main"}) {
    const TokenClaims read = claims("{\"sub\":\"" + subject + "\"}");
    EXPECT_EQ(read.namespaceName + read.serviceAccount, "") << subject;
  }
  EXPECT_EQ(claims(R"({"sub":"system:serviceaccount::b"})").namespaceName, "");
  EXPECT_EQ(claims(R"({"sub":"system:serviceaccount:a:"})").serviceAccount, "");
}

TEST(TokenClaims, MayAllBeMissingOrOfAnotherType) {
  for (const std::string_view json : {"{}", R"({"iss":1,"sub":[],"aud":{},"exp":"1700000000","kubernetes.io":"x"})",
                                      R"({"kubernetes.io":{"namespace":1,"serviceaccount":"x"}})",
                                      R"({"kubernetes.io":{"serviceaccount":{"name":null}},"aud":null,"exp":null})",
                                      R"({"aud":[1,null,{}],"exp":true})"}) {
    const TokenClaims read = claims(json);
    EXPECT_EQ(read.subject + read.namespaceName + read.serviceAccount, "") << json;
    EXPECT_THAT(read.audiences, IsEmpty()) << json;
    EXPECT_EQ(read.expiresAt, std::nullopt) << json;
  }
}

TEST(TokenClaims, TakeOneAudienceOrMany) {
  EXPECT_THAT(claims(R"({"aud":"one"})").audiences, ElementsAre("one"));
  EXPECT_THAT(claims(R"({"aud":["one","two"]})").audiences, ElementsAre("one", "two"));
  EXPECT_THAT(claims(R"({"aud":["one",2,"three"]})").audiences, ElementsAre("one", "three"));
  EXPECT_THAT(claims(R"({"aud":[]})").audiences, IsEmpty());
}

TEST(TokenClaims, CutFractionsOffTheEnd) {
  EXPECT_EQ(end("1700000000"), 1'700'000'000);
  EXPECT_EQ(end("1700000000.9"), 1'700'000'000);
  EXPECT_EQ(end("1.7e9"), 1'700'000'000);
  EXPECT_EQ(end("0"), 0);
  EXPECT_EQ(end("253402300799"), 253'402'300'799);
}

TEST(TokenClaims, HaveNoEndThatIsNoTime) {
  for (const std::string_view exp :
       {"-1", "-0.5", "-1700000000", "253402300800", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "18446744073709551616", "18446744075409551616", "1e300", "-1e300", "\"1700000000\"",
        "[1700000000]", "{}", "null", "true", "\"\""}) {
    EXPECT_EQ(end(exp), -1) << exp;
  }
}

TEST(TokenClaims, NeedThreePartsThatAreNotEmpty) {
  const std::string middle = encodeBase64Url("{}");
  for (const std::string& token :
       {std::string(""), std::string("."), std::string(".."), std::string("..."), "a." + middle, "a." + middle + ".",
        "." + middle + ".c", "a." + middle + ".c.d", "a." + middle + ".c.", middle, std::string("secret")}) {
    expectRefused(token, "expected three parts separated by dots");
  }
  EXPECT_NO_THROW(parseTokenClaims("a." + middle + ".c"));
  expectRefused("a..c", "its payload is not valid JSON");
}

TEST(TokenClaims, NeedBase64Url) {
  for (const std::string_view part : {"e30=", "e 30", "e30\n", "e3", "e31", "e", "+/+/", "\xff\xff\xff\xff"}) {
    expectRefused("a." + std::string(part) + ".c", "its payload is not valid base64url");
  }
}

TEST(TokenClaims, NeedAnObjectOfJson) {
  for (const std::string_view json :
       {"", "{", "{}{}", "\xff", "{\"exp\":1,\"exp\":2}", "{\"a\":\"\\u0000\"}", "nope"}) {
    expectRefused(jwt(json), "its payload is not valid JSON");
  }
  expectRefused(jwt(std::string(17, '[') + std::string(17, ']')), "its payload is not valid JSON");
  for (const std::string_view json : {"[]", "null", "1", "\"x\""})
    expectRefused(jwt(json), "its payload is not a JSON object");
}

TEST(TokenClaims, HaveALimit) {
  expectRefused(jwt("{\"x\":\"" + std::string(64 * 1024, 'x') + "\"}"), "larger than 64 KiB");
  EXPECT_NO_THROW(claims("{\"x\":\"" + std::string(40 * 1024, 'x') + "\"}"));
}

TEST(TokenClaims, AreNotQuotedInErrors) {
  const std::string canary = "canary";
  for (const std::string& token :
       {canary, "a." + canary + "!.c", canary + "." + canary + "." + canary + "." + canary,
        jwt("{\"" + canary + "\":}"), jwt("{\"" + canary + "\":1,\"" + canary + "\":1}"), jwt("\"" + canary + "\"")}) {
    try {
      parseTokenClaims(token);
      ADD_FAILURE() << token;
    } catch (const Error& error) {
      EXPECT_THAT(error.line(), testing::Not(testing::HasSubstr(canary)));
    }
  }
}

TEST(JwtExpiry, IsThatOfAnyJwt) {
  EXPECT_EQ(jwtExpiry(jwt(R"({"exp":1700000000,"sub":5})")).at, UnixTime(seconds(1'700'000'000)));
  EXPECT_EQ(jwtExpiry("not a token").kind, Expiry::Kind::kUnknown);
  EXPECT_EQ(jwtExpiry("").kind, Expiry::Kind::kUnknown);
}

// The most that a JWT of these claims, which expires at 1700003600, is good for.
seconds longest(const std::string& claims) { return jwtExpiry(jwt(R"({"exp":1700003600,)" + claims + "}")).longest; }

TEST(JwtExpiry, IsBoundedByTheTimeOfIssue) {
  EXPECT_EQ(longest(R"("iat":1700000000)"), seconds(3600));
  EXPECT_EQ(longest(R"("iat":1700000000.9)"), seconds(3600));
  EXPECT_EQ(longest(R"("iat":1.7e9)"), seconds(3600));
  EXPECT_EQ(longest(R"("iat":0)"), seconds(1'700'003'600));
  EXPECT_EQ(longest(R"("iat":1700000000,"nbf":1600000000)"), seconds(3600));
  EXPECT_EQ(longest(R"("iat":1600000000,"nbf":1700000000)"), seconds(100'003'600));
}

TEST(JwtExpiry, IsNothingIfIssueAndExpiryCoincideOrAreReversed) {
  EXPECT_EQ(longest(R"("iat":1700003600)"), seconds(0));
  EXPECT_LT(longest(R"("iat":1700003601)"), seconds(0));
  EXPECT_LT(longest(R"("iat":253402300799)"), seconds(0));
}

TEST(JwtExpiry, IsBoundedByTheStartOfItsValidityIfItDoesNotSayWhenItWasIssued) {
  EXPECT_EQ(longest(R"("nbf":1700000000)"), seconds(3600));
  for (const std::string iat :
       {"-1", "1e308", "-1e308", "253402300800", "9223372036854775808", "\"1700000000\"", "[]", "{}", "null", "true"}) {
    EXPECT_EQ(longest(R"("nbf":1700000000,"iat":)" + iat), seconds(3600)) << iat;
    EXPECT_EQ(longest(R"("iat":)" + iat), seconds::max()) << iat;
    EXPECT_EQ(longest(R"("nbf":)" + iat), seconds::max()) << iat;
  }
  EXPECT_EQ(longest(R"("x":1)"), seconds::max());
}

}  // namespace
}  // namespace rcb
