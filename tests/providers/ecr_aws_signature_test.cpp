#include "core/net/digest.hpp"
#include "core/support/hex.hpp"
#include "providers/ecr/aws_signature.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace rcb::ecr {
namespace {

constexpr std::string_view kKeyId = "AKIDEXAMPLE";
constexpr std::string_view kSuiteKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

class AwsSignature : public testing::Test {
 protected:
  std::string canonicalDigest(const RequestToSign& request) {
    return std::string(encodeHex(sha256(canonicalRequest(request, services_).view()).reveal()).reveal());
  }
  std::string sign(const RequestToSign& request, const SigningScope& scope) {
    return authorization(request, scope, kKeyId, kSuiteKey, services_);
  }

  SigningServices services_{
      .sha256 = [this](std::string_view bytes) { return kept_.emplace_back(sha256(bytes)).reveal(); },
      .hmacSha256 = [this](std::string_view key,
                           std::string_view bytes) { return kept_.emplace_back(hmacSha256(key, bytes)).reveal(); },
      .hex = [this](std::string_view bytes) { return kept_.emplace_back(encodeHex(bytes)).reveal(); }};

 private:
  std::deque<Secret> kept_;
};

// Cases of AWS's published test suite that have no query and whose path needs no normalisation; the values are those of its .creq and .authz files.
TEST_F(AwsSignature, EqualsTheOnesOfAwsTestSuite) {
  const std::string sessionToken =
      "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YU"
      "uwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8Y"
      "QcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICC"
      "R/oLxBA==";
  const struct {
    const char* name;
    std::string_view method;
    std::string_view path;
    sdk::Fields headers;  // besides host and x-amz-date
    std::string_view body;
    std::string_view canonicalDigest;
    std::string_view signedHeaders;
    std::string_view signature;
  } kCases[] = {
      {"get-vanilla",
       "GET",
       "/",
       {},
       "",
       "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-unreserved",
       "GET",
       "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
       {},
       "",
       "6a968768eefaa713e2a6b16b589a8ea192661f098f37349f4e2c0082757446f9",
       "host;x-amz-date",
       "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
      {"post-vanilla",
       "POST",
       "/",
       {},
       "",
       "553f88c9e4d10fc9e109e2aeb65f030801b70c2f6468faca261d401ae622fc87",
       "host;x-amz-date",
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"post-header-key-sort",
       "POST",
       "/",
       {{"my-header1", "value1"}},
       "",
       "9368318c2967cf6de74404b30c65a91e8f6253e0a8659d6d5319f1a812f87d65",
       "host;my-header1;x-amz-date",
       "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
      {"post-header-value-case",
       "POST",
       "/",
       {{"my-header1", "VALUE1"}},
       "",
       "d51ced243e649e3de6ef63afbbdcbca03131a21a7103a1583706a64618606a93",
       "host;my-header1;x-amz-date",
       "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
      {"post-sts-header-before",
       "POST",
       "/",
       {{"x-amz-security-token", sessionToken}},
       "",
       "c237e1b440d4c63c32ca95b5b99481081cb7b13c7e40434868e71567c1a882f6",
       "host;x-amz-date;x-amz-security-token",
       "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
      {"post-x-www-form-urlencoded",
       "POST",
       "/",
       {{"content-type", "application/x-www-form-urlencoded"}},
       "Param1=value1",
       "42a5e5bb34198acb3e84da4f085bb7927f2bc277ca766e6d19c73c2154021281",
       "content-type;host;x-amz-date",
       "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
      {"post-x-www-form-urlencoded-parameters",
       "POST",
       "/",
       {{"content-type", "application/x-www-form-urlencoded; charset=utf8"}},
       "Param1=value1",
       "2e1cf7ed91881a30569e46552437e4156c823447bf1781b921b5d486c568dd1c",
       "content-type;host;x-amz-date",
       "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"},
  };
  for (const auto& one : kCases) {
    RequestToSign request{one.method, one.path, one.headers, one.body};
    request.headers.push_back({"x-amz-date", "20150830T123600Z"});
    request.headers.push_back({"host", "example.amazonaws.com"});
    EXPECT_EQ(canonicalDigest(request), one.canonicalDigest) << one.name;
    EXPECT_EQ(sign(request, {"20150830T123600Z", "us-east-1", "service"}),
              "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=" +
                  std::string(one.signedHeaders) + ", Signature=" + std::string(one.signature))
        << one.name;
  }
}

// Computed with botocore's signer.
TEST_F(AwsSignature, EqualsBotocoresOfTheTwoRequests) {
  const struct {
    std::string_view service;
    std::string_view region;
    std::string_view host;
    std::string_view target;
    std::string_view sessionToken;
    std::string_view canonicalDigest;
    std::string_view signature;
  } kCases[] = {
      {"ecr", "us-west-2", "api.ecr.us-west-2.amazonaws.com",
       "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken",
       "FAKESESSIONTOKEN==", "a3edbe9e6e1b204a8d950e2bad2154880950d918d98e6493227161294a52f622",
       "721c2a955b13c49ad11264a1394323a58a6db600892c929553e2b84ee139e6f0"},
      {"ecr-public", "us-east-1", "api.ecr-public.us-east-1.amazonaws.com",
       "SpencerFrontendService.GetAuthorizationToken",
       "FAKESESSIONTOKEN==", "2818bd7dfbd80568f0c878a3d269dafee604f8026c4754b74fc376091e45f216",
       "62a99c0ee102e33cb0a296a1c97360c11da34beccfbe27bcb361a3f44737274a"},
      {"ecr", "us-west-2", "api.ecr.us-west-2.amazonaws.com",
       "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", "",
       "6912e2dde7f213103eed725834d0f88c89776101120f8fca5d42f9ed6255fb9a",
       "0b5b9f2555a8f97539d5b6f66e35faaeb819689087e429ede9a8bcd0934b3817"},
  };
  for (const auto& one : kCases) {
    RequestToSign request{"POST",
                          "/",
                          {{"x-amz-target", one.target},
                           {"x-amz-date", "20260102T030405Z"},
                           {"host", one.host},
                           {"content-type", "application/x-amz-json-1.1"}},
                          "{}"};
    if (!one.sessionToken.empty()) request.headers.push_back({"x-amz-security-token", one.sessionToken});
    EXPECT_EQ(canonicalDigest(request), one.canonicalDigest) << one.service;
    const std::string made = sign(request, {"20260102T030405Z", one.region, one.service});
    EXPECT_EQ(made.substr(made.rfind('=') + 1), one.signature) << one.service;
  }
}

TEST_F(AwsSignature, DependsOnEveryPartOfTheRequest) {
  const RequestToSign request{"POST", "/", {{"host", "a.test"}, {"x-amz-date", "20260102T030405Z"}}, "{}"};
  const SigningScope scope{"20260102T030405Z", "us-west-2", "ecr"};
  const std::string made = sign(request, scope);
  RequestToSign other = request;
  other.method = "GET";
  EXPECT_NE(sign(other, scope), made);
  other = request;
  other.path = "/a";
  EXPECT_NE(sign(other, scope), made);
  other = request;
  other.body = "";
  EXPECT_NE(sign(other, scope), made);
  other = request;
  other.headers[0].value = "b.test";
  EXPECT_NE(sign(other, scope), made);
  EXPECT_NE(sign(request, {"20260103T030405Z", "us-west-2", "ecr"}), made);
  EXPECT_NE(sign(request, {"20260102T030405Z", "us-west-1", "ecr"}), made);
  EXPECT_NE(sign(request, {"20260102T030405Z", "us-west-2", "ecr-public"}), made);
  EXPECT_EQ(sign(request, scope), made);
}

}  // namespace
}  // namespace rcb::ecr
