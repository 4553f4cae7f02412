#include "core/net/failure_reason.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace rcb {
namespace {

constexpr std::string_view kSecret = "eyJhbGciOiJSUzI1NiJ9.canary-canary-canary-canary.signature";

std::string reasonOf(std::string_view body, std::vector<std::pair<std::string, std::string>> headers = {},
                     std::vector<std::string_view> secrets = {kSecret}) {
  HttpResponse response;
  response.status = 401;
  response.headers = std::move(headers);
  response.body = Secret(body);
  return failureReason(response, secrets);
}

TEST(FailureReason, IsWhereRegistriesPutIt) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"detail":"Invalid OIDC token"})", "Invalid OIDC token"},
      {R"({"error":"invalid_grant","error_description":"token expired"})", "token expired"},
      {R"({"message":"Bad credentials","documentation_url":"https://x"})", "Bad credentials"},
      {R"({"error":"no such service"})", "no such service"},
      {R"({"error":{"code":403,"message":"Permission denied","status":"PERMISSION_DENIED"}})", "Permission denied"},
      {R"({"errors":["permission denied","x"]})", "permission denied"},
      {R"({"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]})", "authentication required"},
      {R"({"errors":[{"detail":"bad robot"}]})", "bad robot"},
      {R"({"detail":"","message":"second"})", "second"},
      {R"({"detail":[{"msg":"x"}],"error":"third"})", "third"},
      {R"({"kind":"Status","reason":"Forbidden","message":"secrets is forbidden"})", "secrets is forbidden"},
      {R"({"detail":"  padded \n"})", "padded"},
  };
  for (const auto& [body, reason] : cases) EXPECT_EQ(reasonOf(body), reason) << body;
}

TEST(FailureReason, IsWhereFrameworksAndCloudsPutIt) {
  const std::pair<const char*, const char*> cases[] = {
      // Django REST framework, as Cloudsmith has it.
      {R"({"detail":"Invalid input.","fields":{"service_slug":["Service does not exist."]}})",
       "Invalid input. service_slug: Service does not exist."},
      {R"({"fields":{"service_slug":["Service does not exist."]},"detail":"Invalid input."})",
       "Invalid input. service_slug: Service does not exist."},
      {R"({"service_slug":["This field is required."]})", "service_slug: This field is required."},
      {R"({"a":["first"],"b":["second","third"]})", "a: first; b: second"},
      {R"({"non_field_errors":["Unable to log in."]})", "Unable to log in."},
      {R"({"non_field_errors":["No."],"oidc_token":["Expired."]})", "No.; oidc_token: Expired."},
      {R"({"detail":"Invalid input.","fields":{"non_field_errors":["Service is disabled."]}})",
       "Invalid input. Service is disabled."},
      {R"({"detail":"Invalid input.","fields":{}})", "Invalid input."},
      {R"(["Not a valid token."])", "Not a valid token."},
      // RFC 9457.
      {R"({"type":"about:blank","title":"Unauthorized","status":401})", "Unauthorized"},
      {R"({"type":"https://x/y","title":"Forbidden","status":403,"detail":"Audience is wrong"})",
       "Forbidden: Audience is wrong"},
      {R"({"title":"Forbidden","detail":"Forbidden for acme"})", "Forbidden for acme"},
      {R"({"title":"Invalid","invalid-params":[{"name":"age","reason":"must be positive"}]})",
       "Invalid: must be positive"},
      {R"({"title":"One or more errors occurred.","errors":{"Slug":["The Slug is required."]}})",
       "One or more errors occurred. Slug: The Slug is required."},
      {R"({"title":"Invalid","errors":[{"detail":"must be positive","pointer":"#/age"}]})",
       "Invalid: must be positive"},
      // Clouds, gateways and registries.
      {R"({"error":{"message":"Permission denied"}})", "Permission denied"},
      {R"({"error":{"errors":[{"message":"Quota exceeded"}]}})", "Quota exceeded"},
      {R"({"errors":[{"code":"UNAUTHORIZED","message":""}]})", "UNAUTHORIZED"},
      {R"({"errors":[{"status":"422","title":"Invalid","detail":"too long"}]})", "Invalid: too long"},
      {R"({"errors":{"slug":["is unknown"]}})", "slug: is unknown"},
      {R"({"__type":"com.amazon.coral.service#ExpiredTokenException","message":"The token is expired"})",
       "The token is expired"},
      {R"({"__type":"com.amazon.coral.service#AccessDeniedException","Message":"No role"})", "No role"},
      {R"({"__type":"com.amazon.coral.service#AccessDeniedException"})", "AccessDeniedException"},
      {R"({"msg":"no such tenant"})", "no such tenant"},
      {R"({"reason":"no such robot"})", "no such robot"},
      {R"({"error":"unauthorized","reason":"Name or password is incorrect."})", "Name or password is incorrect."},
      {R"({"error":true,"reason":"Token is too old"})", "Token is too old"},
      {R"({"detail":[{"loc":["body","token"],"msg":"field required","type":"missing"}]})", "field required"},
      {R"({"timestamp":1,"status":401,"error":"Unauthorized","message":"","path":"/"})", "Unauthorized"},
      {R"({"fault":{"faultstring":"Invalid access token","detail":{"errorcode":"x"}}})", "Invalid access token"},
      {R"({"errorCode":"E11","errorSummary":"Invalid token provided"})", "Invalid token provided"},
      {R"({"code":"DENIED"})", "DENIED"},
  };
  for (const auto& [body, reason] : cases) EXPECT_EQ(reasonOf(body), reason) << body;
}

TEST(FailureReason, IsShortPlainText) {
  const std::pair<std::string, const char*> shown[] = {
      {"no such service\n", "no such service"},
      {"\r\n  first line\r\nsecond line", "first line"},
      {"upstream connect error, reset", "upstream connect error, reset"}};
  for (const auto& [body, reason] : shown) {
    EXPECT_EQ(reasonOf(body, {{"Content-Type", "text/plain"}}), reason);
    EXPECT_EQ(reasonOf(body, {{"content-type", "Text/Plain; charset=utf-8"}}), reason);
    for (const char* type : {"text/html", "application/json", "text/plainer", ""}) {
      EXPECT_EQ(reasonOf(body, {{"Content-Type", type}}), "") << type;
    }
  }
  const std::pair<std::string, const char*> hidden[] = {{"", "empty"},
                                                        {" \n ", "blank"},
                                                        {"<html>Bad gateway</html>", "markup"},
                                                        {"\n<!DOCTYPE html>", "markup"},
                                                        {"\x1f\x8b\x08 compressed", "binary"},
                                                        {"token " + std::string(kSecret), "a secret"},
                                                        {"{}", "an empty document"},
                                                        {"42", "a number"}};
  for (const auto& [body, what] : hidden) EXPECT_EQ(reasonOf(body, {{"Content-Type", "text/plain"}}), "") << what;
  EXPECT_EQ(reasonOf(R"({"detail":"JSON after all"})", {{"Content-Type", "text/plain"}}), "JSON after all");
  EXPECT_EQ(reasonOf(std::string(100'000, 'x'), {{"Content-Type", "text/plain"}}), std::string(197, 'x') + "...");
}

TEST(FailureReason, TakesNothingFromDeepDocuments) {
  std::string body = R"({"message":"x"})";
  for (int depth = 0; depth < 25; ++depth) body = R"({"error":[)" + body + "]}";
  EXPECT_EQ(reasonOf(body), "");
}

TEST(FailureReason, IsWithheldIfItsPartsOrNamesShareARun) {
  const std::string part(kSecret.substr(5, 20));
  for (const std::string& body :
       {R"({"title":"Forbidden","detail":")" + part + "\"}", R"({"title":")" + part + R"(","detail":"Forbidden"})",
        R"({"detail":"Invalid.","fields":{"token":["no )" + part + "\"]}}",
        R"({"detail":"Invalid.","fields":{")" + part + R"(":["no"]}})", R"({")" + part + R"(":["no"]})",
        R"({"code":")" + part + "\"}", R"({"__type":"a#)" + part + "\"}"}) {
    EXPECT_EQ(reasonOf(body), "") << body;
  }
}

TEST(FailureReason, IsWithheldIfTheCutPartsAShortSecret) {
  EXPECT_EQ(reasonOf("{\"detail\":\"" + std::string(193, 'x') + "hunter2 and more\"}", {}, {"hunter2"}), "");
  EXPECT_EQ(reasonOf("{\"detail\":\"" + std::string(199, 'x') + "hunter2 and more\"}", {}, {"hunter2"}), "");
}

TEST(FailureReason, IsInTheChallengeIfNotInTheBody) {
  const std::vector<std::pair<std::string, std::string>> headers = {
      {"Content-Type", "text/html"},
      {"www-authenticate", "Basic realm=\"x\""},
      {"WWW-Authenticate", "Bearer realm=\"y\", error=\"invalid_token\", error_description=\"the token, it expired\""}};
  EXPECT_EQ(reasonOf("", headers), "the token, it expired");
  EXPECT_EQ(reasonOf("{}", headers), "the token, it expired");
  EXPECT_EQ(reasonOf("not JSON", headers), "the token, it expired");
  EXPECT_EQ(reasonOf(R"({"detail":"body first"})", headers), "body first");
  EXPECT_EQ(reasonOf("", {{"WWW-Authenticate", "Bearer error=invalid_token"}}), "invalid_token");
}

TEST(FailureReason, IsEmptyIfThereIsNone) {
  for (const char* body :
       {"", "{}", "[]", "null", "\"text\"", "42", R"({"detail":42})", R"({"error":{}})", R"({"error":null})",
        R"({"errors":[]})", R"({"errors":[[]]})", R"({"errors":[{"message":{}}]})", "Internal Server Error",
        "{\"detail\":\"cut off", R"({"detail":"twice","detail":"twice"})"}) {
    EXPECT_EQ(reasonOf(body), "") << body;
  }
}

TEST(FailureReason, TakesNothingFromMarkup) {
  EXPECT_EQ(reasonOf("<html><body>{\"detail\":\"x\"}</body></html>"), "");
  EXPECT_EQ(reasonOf(R"({"message":"<!DOCTYPE html><html>Bad gateway</html>"})"), "");
  EXPECT_EQ(reasonOf(R"({"message":" \n<html>"})"), "");
}

TEST(FailureReason, IsShortAndPrintable) {
  EXPECT_EQ(reasonOf("{\"detail\":\"" + std::string(200, 'x') + "\"}"), std::string(200, 'x'));
  EXPECT_EQ(reasonOf("{\"detail\":\"" + std::string(201, 'x') + "\"}"), std::string(197, 'x') + "...");
  EXPECT_EQ(reasonOf("{\"detail\":\"" + std::string(100'000, 'x') + "\"}").size(), 200u);
  EXPECT_EQ(reasonOf(R"({"detail":"a\nb\u001b[31mc\u00e4"})"), "a?b?[31mc??");
}

TEST(FailureReason, IsWithheldIfItSharesARunWithASecret) {
  EXPECT_EQ(reasonOf("{\"detail\":\"bad token " + std::string(kSecret) + "\"}"), "");
  EXPECT_EQ(reasonOf("{\"detail\":\"x" + std::string(kSecret.substr(10, 16)) + "\"}"), "");
  EXPECT_EQ(reasonOf("{\"detail\":\"x" + std::string(kSecret.substr(10, 15)) + " \"}"),
            "x" + std::string(kSecret.substr(10, 15)));
  EXPECT_EQ(reasonOf(R"({"detail":"\u0065yJhbGciOiJSUzI1NiJ9"})"), "");
  EXPECT_EQ(reasonOf("", {{"WWW-Authenticate", "Bearer error=\"" + std::string(kSecret) + "\""}}), "");
}

TEST(FailureReason, IsWithheldIfOnlyItsHiddenRestSharesARun) {
  EXPECT_EQ(reasonOf("{\"detail\":\"" + std::string(190, 'x') + std::string(kSecret) + "\"}"), "");
  EXPECT_EQ(reasonOf("{\"detail\":\"" + std::string(900'000, ' ') + std::string(kSecret) + "\"}"), "");
}

TEST(FailureReason, LooksForEverySecretOfTheRun) {
  EXPECT_EQ(reasonOf(R"({"detail":"password hunter2 is wrong"})", {}, {kSecret, "hunter2"}), "");
  EXPECT_EQ(reasonOf(R"({"detail":"password is wrong"})", {}, {kSecret, "", "hunter2"}), "password is wrong");
}

}  // namespace
}  // namespace rcb
