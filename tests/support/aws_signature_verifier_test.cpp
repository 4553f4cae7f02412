#include "tests/support/aws_signature_verifier.hpp"

#include <gtest/gtest.h>

namespace rcb::test {
namespace {

const UnixTime kSignedAt{std::chrono::seconds(1'767'323'045)};  // 2026-01-02T03:04:05Z
constexpr const char* kKeyId = "AKIDEXAMPLE";
constexpr const char* kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

std::optional<std::string> secretOf(const std::string& keyId) {
  if (keyId == kKeyId) return kSecret;
  return std::nullopt;
}

// A request that botocore has signed.
ServerRequest signedRequest() {
  return {"POST",
          "/",
          {{"host", "api.ecr.us-west-2.amazonaws.com"},
           {"content-type", "application/x-amz-json-1.1"},
           {"content-length", "2"},
           {"x-amz-date", "20260102T030405Z"},
           {"x-amz-security-token", "FAKESESSIONTOKEN=="},
           {"x-amz-target", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"},
           {"authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-west-2/ecr/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
            "Signature=721c2a955b13c49ad11264a1394323a58a6db600892c929553e2b84ee139e6f0"}},
          "{}"};
}

std::string codeOf(const ServerRequest& request, UnixTime now = kSignedAt) {
  const auto verified = verifyAwsSignature(request, secretOf, now);
  const auto* problem = std::get_if<AwsSignatureProblem>(&verified);
  return problem == nullptr ? "" : problem->code;
}

void replaceIn(ServerRequest& request, const std::string& what, const std::string& with) {
  std::string& header = request.headers.at("authorization");
  header.replace(header.find(what), what.size(), with);
}

TEST(AwsSignatureVerifier, AcceptsWhatBotocoreSigned) {
  const auto verified = verifyAwsSignature(signedRequest(), secretOf, kSignedAt);
  const auto* signer = std::get_if<AwsSigner>(&verified);
  ASSERT_NE(signer, nullptr) << std::get<AwsSignatureProblem>(verified).message;
  EXPECT_EQ(signer->accessKeyId, kKeyId);
  EXPECT_EQ(signer->region, "us-west-2");
  EXPECT_EQ(signer->service, "ecr");
}

TEST(AwsSignatureVerifier, RefusesEveryOtherRequest) {
  for (const char* header : {"host", "content-type", "x-amz-security-token", "x-amz-target"}) {
    ServerRequest request = signedRequest();
    request.headers[header] += "x";
    EXPECT_EQ(codeOf(request), "InvalidSignatureException") << header;
  }
  ServerRequest request = signedRequest();
  request.body = "{ }";
  EXPECT_EQ(codeOf(request), "InvalidSignatureException");
  request = signedRequest();
  request.target = "/?a=b";
  EXPECT_EQ(codeOf(request), "InvalidSignatureException");
  request = signedRequest();
  request.method = "GET";
  EXPECT_EQ(codeOf(request), "InvalidSignatureException");
  request = signedRequest();
  replaceIn(request, "us-west-2", "us-west-1");
  EXPECT_EQ(codeOf(request), "InvalidSignatureException");
  request = signedRequest();
  replaceIn(request, "e6f0", "e6f1");
  EXPECT_EQ(codeOf(request), "InvalidSignatureException");
}

TEST(AwsSignatureVerifier, RefusesAnUnknownKey) {
  ServerRequest request = signedRequest();
  replaceIn(request, kKeyId, "AKIDOTHER");
  EXPECT_EQ(codeOf(request), "UnrecognizedClientException");
}

TEST(AwsSignatureVerifier, RefusesASignatureOfAnotherTime) {
  EXPECT_EQ(codeOf(signedRequest(), kSignedAt + std::chrono::minutes(5)), "");
  EXPECT_EQ(codeOf(signedRequest(), kSignedAt + std::chrono::seconds(301)), "InvalidSignatureException");
  EXPECT_EQ(codeOf(signedRequest(), kSignedAt - std::chrono::seconds(301)), "InvalidSignatureException");
}

TEST(AwsSignatureVerifier, RefusesWhatIsIncomplete) {
  ServerRequest request = signedRequest();
  request.headers.erase("authorization");
  EXPECT_EQ(codeOf(request), "MissingAuthenticationTokenException");
  request = signedRequest();
  request.headers.erase("x-amz-target");
  EXPECT_EQ(codeOf(request), "IncompleteSignatureException");
  request = signedRequest();
  replaceIn(request, "x-amz-security-token;", "");
  EXPECT_EQ(codeOf(request), "IncompleteSignatureException");
  request = signedRequest();
  replaceIn(request, "AWS4-HMAC-SHA256", "AWS4-ECDSA");
  EXPECT_EQ(codeOf(request), "IncompleteSignatureException");
  request = signedRequest();
  replaceIn(request, "/ecr/aws4_request", "/aws4_request");
  EXPECT_EQ(codeOf(request), "IncompleteSignatureException");
  request = signedRequest();
  request.headers["x-amz-date"] = "20260103T030405Z";
  EXPECT_EQ(codeOf(request), "IncompleteSignatureException");
}

}  // namespace
}  // namespace rcb::test
