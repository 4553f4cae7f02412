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
