#include "core/protocol/request.hpp"

#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

namespace rcb {
namespace {

using test::throwsError;
using testing::Pair;

// A complete v1 request; `more` follows its last member.
std::string request(const std::string& more = "", const std::string& version = "v1") {
  return R"({"kind":"CredentialProviderRequest","apiVersion":"credentialprovider.kubelet.k8s.io/)" + version +
         R"(","image":"docker.cloudsmith.io/acme/app")" + more + "}";
}

void expectRefused(const std::string& json, ErrorCode code, const std::string& why) {
  EXPECT_THAT([&] { parseRequest(json); }, throwsError(code, why)) << json.substr(0, 300);
}

TEST(Request, HasImageTokenAndAnnotations) {
  const Request parsed = parseRequest(request(
      R"(,"serviceAccountToken":"a.b.c","serviceAccountAnnotations":{"cloudsmith.io/org-slug":"acme","empty":""})"));
  EXPECT_EQ(parsed.version, ApiVersion::kV1);
  EXPECT_EQ(parsed.image.registry, "docker.cloudsmith.io");
  EXPECT_EQ(parsed.image.repository, "acme/app");
  EXPECT_EQ(parsed.serviceAccountToken.reveal(), "a.b.c");
  EXPECT_THAT(parsed.annotations, testing::ElementsAre(Pair("cloudsmith.io/org-slug", "acme"), Pair("empty", "")));
}

TEST(Request, MayComeWithoutAnIdentity) {
  for (const std::string more : {"", R"(,"serviceAccountToken":"","serviceAccountAnnotations":{})",
                                 R"(,"serviceAccountToken":null,"serviceAccountAnnotations":null)"}) {
    const Request parsed = parseRequest(request(more));
    EXPECT_TRUE(parsed.serviceAccountToken.empty());
    EXPECT_TRUE(parsed.annotations.empty());
  }
}

TEST(Request, MayBeOfThreeVersions) {
  EXPECT_EQ(parseRequest(request("", "v1beta1")).version, ApiVersion::kV1Beta1);
  EXPECT_EQ(parseRequest(request("", "v1alpha1")).version, ApiVersion::kV1Alpha1);
  EXPECT_EQ(apiVersionName(ApiVersion::kV1), "credentialprovider.kubelet.k8s.io/v1");
  EXPECT_EQ(apiVersionName(ApiVersion::kV1Beta1), "credentialprovider.kubelet.k8s.io/v1beta1");
  EXPECT_EQ(apiVersionName(ApiVersion::kV1Alpha1), "credentialprovider.kubelet.k8s.io/v1alpha1");
}

TEST(Request, MayHaveWhiteSpaceAndALineEnd) {
  EXPECT_EQ(parseRequest("\n " + request() + "\r\n").image.repository, "acme/app");
}

TEST(Request, ThatIsMissingIsSaidToBe) {
  expectRefused("", ErrorCode::kRequestNotJson, "stdin is empty");
  expectRefused(" \n\t", ErrorCode::kRequestNotJson, "stdin contains only whitespace");
}

TEST(Request, OfADockerCredentialHelperIsRecognised) {
  for (const std::string text : {"registry.example.com\n", "https://index.docker.io/v1/", "docker.cloudsmith.io:443"}) {
    expectRefused(text, ErrorCode::kRequestNotJson, "a request for a docker credential helper");
  }
  for (const std::string text : {"hello", "registry.example.com {}", "{registry.example.com"}) {
    expectRefused(text, ErrorCode::kRequestNotJson, "is not JSON");
  }
}

TEST(Request, MustBeOneJsonDocument) {
  expectRefused("{", ErrorCode::kRequestNotJson, "is not JSON");
  expectRefused(request() + request(), ErrorCode::kRequestNotJson, "is not JSON");
  expectRefused(request() + "x", ErrorCode::kRequestNotJson, "is not JSON");
  expectRefused("\xef\xbb\xbf" + request(), ErrorCode::kRequestNotJson, "byte order mark");
  expectRefused(request() + std::string(1, '\0'), ErrorCode::kRequestNotJson, "NUL");
  expectRefused(request(",\"serviceAccountToken\":\"\xff\""), ErrorCode::kRequestNotJson, "UTF-8");
  expectRefused(request(",\"image\":\"gcr.io/app\""), ErrorCode::kRequestNotJson, "duplicate member");
  expectRefused(request(R"(,"serviceAccountAnnotations":{"a":"1","a":"2"})"), ErrorCode::kRequestNotJson,
                "duplicate member");
  expectRefused(request(",\"serviceAccountAnnotations\":" + std::string(9, '[') + std::string(9, ']')),
                ErrorCode::kRequestNotJson, "8 levels");
}

TEST(Request, MustBeAnObject) {
  for (const auto& [text, type] :
       {std::pair("[]", "array"), std::pair("null", "null"), std::pair("\"x\"", "string"), std::pair("1", "integer"),
        std::pair("true", "boolean"), std::pair("1.5", "number")}) {
    expectRefused(text, ErrorCode::kRequestInvalid, "is of type " + std::string(type) + ", not object");
  }
}

TEST(Request, MustBeOfTheRightKind) {
  expectRefused("{}", ErrorCode::kRequestInvalid, "the request has no kind");
  expectRefused(R"({"kind":null})", ErrorCode::kRequestInvalid, "has no kind");
  expectRefused(R"({"kind":5})", ErrorCode::kRequestInvalid, "kind is of type integer, not string");
  expectRefused(R"({"kind":"ExecCredential"})", ErrorCode::kRequestInvalid,
                R"(kind is "ExecCredential", not CredentialProviderRequest)");
  expectRefused(R"({"kind":"credentialproviderrequest"})", ErrorCode::kRequestInvalid, "kind is");
  expectRefused(R"({"kind":"CredentialProviderResponse"})", ErrorCode::kRequestInvalid, "kind is");
  expectRefused(R"({"Kind":"CredentialProviderRequest"})", ErrorCode::kRequestInvalid, "has no kind");
}

TEST(Request, MustBeOfAVersionThatWeSpeak) {
  const std::string kind = R"({"kind":"CredentialProviderRequest")";
  expectRefused(kind + "}", ErrorCode::kRequestVersion, "has no apiVersion");
  expectRefused(kind + R"(,"apiVersion":1})", ErrorCode::kRequestInvalid, "apiVersion is of type integer");
  for (const std::string version : {"v1", "credentialprovider.kubelet.k8s.io/v2", "credentialprovider.kubelet.k8s.io",
                                    "credentialprovider.kubelet.k8s.io/v1 ", "Credentialprovider.kubelet.k8s.io/v1",
                                    "kubelet.k8s.io/v1", "client.authentication.k8s.io/v1"}) {
    expectRefused(kind + R"(,"apiVersion":")" + version + "\"}", ErrorCode::kRequestVersion,
                  "apiVersion \"" + version + "\" is not supported");
  }
}

// The token may be in the wrong member.
TEST(Request, ShowsAnUnknownNameOnlyIfItLooksLikeOne) {
  const auto refusalOf = [](const std::string& kind, const std::string& version) {
    try {
      parseRequest(R"({"kind":")" + kind + R"(","apiVersion":")" + version + "\"}");
    } catch (const Error& error) {
      return error.line();
    }
    return std::string();
  };
  const std::string ours = "CredentialProviderRequest";
  for (const std::string kind :
       {"ExecCredential", "Pod", "CredentialProviderResponse", "TokenRequest", "credentialProviderRequest",
        "CredentialProviderRequest ", "CredentialProviderReqeust"}) {
    EXPECT_THAT(refusalOf(kind, "v1"), testing::HasSubstr('"' + kind + '"')) << kind;
  }
  for (const std::string version :
       {"v1", "v2alpha1", "apps/v1", "client.authentication.k8s.io/v1beta1", "credentialprovider.kubelet.k8s.io/v1 ",
        "Credentialprovider.kubelet.k8s.io/v1", "credentialprovider.kubelet.k8s.io"}) {
    EXPECT_THAT(refusalOf(ours, version), testing::HasSubstr('"' + version + '"')) << version;
  }
  for (const std::string& secret :
       {std::string("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"), std::string("glpat-0123456789abcdef"),
        std::string("aGVsbG8gd29ybGQhCg=="), std::string("correct horse battery staple"),
        std::string("correcthorsebattery"), std::string("QUxMIE9VUiBTRUNSRVRT"), std::string("AbCdEfGhIjKlMnOp"),
        std::string("3f786850e387550fdab836ed7e6dc881"), std::string("v1.0123456789abcdef"),
        std::string("v18446744073709551616"), std::string("v1beta12345678"), std::string("a/b/v1"), std::string("/v1x"),
        std::string("group/v1/secret0123"), std::string("Password/v1"), "Credential" + std::string(60, 'x'),
        std::string(50, 'a') + ".k8s.io/v1beta1"}) {
    for (const std::string& line : {refusalOf(secret, "v1"), refusalOf(ours, secret)}) {
      EXPECT_THAT(line, testing::HasSubstr("\"...\" (" + std::to_string(secret.size()) + " bytes, not shown)"))
          << secret;
      EXPECT_THAT(line, testing::Not(testing::HasSubstr(secret))) << secret;
    }
  }
}

TEST(Request, MustHaveAnImage) {
  const std::string begin =
      R"({"kind":"CredentialProviderRequest","apiVersion":"credentialprovider.kubelet.k8s.io/v1")";
  expectRefused(begin + "}", ErrorCode::kRequestImage, "the request has no image");
  expectRefused(begin + R"(,"image":""})", ErrorCode::kRequestImage, "the request has no image");
  expectRefused(begin + R"(,"image":["gcr.io/app"]})", ErrorCode::kRequestInvalid, "image is of type array");
  expectRefused(begin + R"(,"image":"nginx"})", ErrorCode::kRequestImage, "image=nginx");
}

TEST(Request, MustHaveMembersOfTheRightTypes) {
  expectRefused(request(R"(,"serviceAccountToken":5)"), ErrorCode::kRequestInvalid,
                "serviceAccountToken is of type integer, not string");
  expectRefused(request(R"(,"serviceAccountToken":{})"), ErrorCode::kRequestInvalid,
                "serviceAccountToken is of type object");
  expectRefused(request(R"(,"serviceAccountAnnotations":"a=b")"), ErrorCode::kRequestInvalid,
                "serviceAccountAnnotations is of type string, not object");
  expectRefused(request(R"(,"serviceAccountAnnotations":{"a/b":null})"), ErrorCode::kRequestInvalid,
                "a value in the request's serviceAccountAnnotations is of type null, not string");
  expectRefused(request(R"(,"serviceAccountAnnotations":{"a/b":true})"), ErrorCode::kRequestInvalid,
                "is of type boolean");
}

TEST(Request, MayHaveMembersOfANewerKubelet) {
  const std::string more = R"(,"podName":"x","":"","extra":{"serviceAccountToken":"not this"},"Image":"gcr.io/other")";
  for (const std::string version : {"v1", "v1beta1", "v1alpha1"}) {
    const Request parsed = parseRequest(request(more, version));
    EXPECT_EQ(parsed.image.name, "docker.cloudsmith.io/acme/app");
    EXPECT_TRUE(parsed.serviceAccountToken.empty());
  }
}

TEST(Request, HasAnIdentityInV1Only) {
  for (const std::string version : {"v1beta1", "v1alpha1"}) {
    const Request parsed =
        parseRequest(request(R"(,"serviceAccountToken":"a.b.c","serviceAccountAnnotations":{"a":"b"})", version));
    EXPECT_TRUE(parsed.serviceAccountToken.empty());
    EXPECT_TRUE(parsed.annotations.empty());
  }
}

TEST(Request, LargerThanTheLimitIsRefusedQuickly) {
  expectRefused(request(",\"serviceAccountToken\":\"" + std::string(kRequestLimit, 'x') + "\""),
                ErrorCode::kRequestNotJson, "larger than 1048576 bytes");
  const std::clock_t begin = std::clock();  // of this process: what else the machine does is not counted
  expectRefused(std::string(10'000'000, '['), ErrorCode::kRequestNotJson, "larger than");
  expectRefused(std::string(1'000'000, '{'), ErrorCode::kRequestNotJson, "is not JSON");
  EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, 5);
}

TEST(Request, NeverShowsItsToken) {
  const std::string canary = "eyJcanary";
  const std::string token = ",\"serviceAccountToken\":\"" + canary + "\"";
  for (const std::string& json :
       {request(token + ",\"serviceAccountToken\":\"" + canary + "\""), request(token) + "x", request(token, "v2"),
        request(token + "," + canary), request(",\"serviceAccountToken\":[\"" + canary + "\"]"),
        request(token + ",\"serviceAccountAnnotations\":[]"), canary, "\"" + canary + "\"",
        "{\"serviceAccountToken\":\"" + canary + "\\q\"}"}) {
    try {
      parseRequest(json);
      ADD_FAILURE() << json;
    } catch (const Error& error) {
      EXPECT_THAT(error.line(), testing::Not(testing::HasSubstr(canary)));
      EXPECT_EQ(error.kind(), ErrorKind::kBadRequest);
    }
  }
}

}  // namespace
}  // namespace rcb
