#include "providers/cloudsmith/exchange.hpp"
#include "tests/providers/provider_forms.hpp"

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <utility>

namespace rcb {
namespace {

using sdk::ScriptedCall;
using std::chrono::hours;
using std::chrono::minutes;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

class Cloudsmith : public test::ProviderForms {
 protected:
  static ScriptedCall exchange(std::string_view organization = "acme", std::string_view service = "kubelet-puller") {
    ScriptedCall call = callOf("cloudsmith");
    call.setting("organization", organization).setting("service", service).token(token());
    return call;
  }
  static std::string token() { return jwt(hours(1)); }
  // The failure line after this answer.
  static std::string failureAfter(int status, const std::string& body) {
    return exchange().answer(status, body).failure();
  }
  const std::string issued_ = jwt(minutes(90));
};

TEST_P(Cloudsmith, TradesTheTokenForAJwt) {
  ScriptedCall call = exchange();
  call.answer(201, R"({"token":")" + issued_ + "\"}");
  const ScriptedCall::Credential credential = call.provide();
  EXPECT_EQ(credential.username, "token");
  EXPECT_EQ(credential.password, issued_);
  EXPECT_EQ(credential.expiresAt, kNow + 90 * 60);

  ASSERT_EQ(call.requestCount(), 1u);
  const ScriptedCall::Request sent = call.request(0);
  EXPECT_EQ(sent.method(), "POST");
  EXPECT_EQ(sent.url(), "https://api.cloudsmith.io/openid/acme/");
  EXPECT_EQ(sent.header("Content-Type"), "application/json");
  EXPECT_EQ(sent.body(), R"({"oidc_token":")" + token() + R"(","service_slug":"kubelet-puller"})");
  EXPECT_EQ(sent.headerCount(), 0u);
  EXPECT_TRUE(sent.repeatable());
}

TEST_P(Cloudsmith, Takes200AsWellAs201) {
  EXPECT_EQ(exchange().answer(200, R"({"token":")" + issued_ + R"(","error":""})").provide().password, issued_);
}

TEST_P(Cloudsmith, AsksTheHostThePathAndWithTheHeadersOfTheSettings) {
  ScriptedCall call = exchange();
  call.setting("apiHost", "cloudsmith.internal:8443").setting("path", "/v2/openid/{organization}");
  call.setting("headers", "X-Env:prod").setting("headers", "X-Team:  platform team ");
  call.answer(201, R"({"token":")" + issued_ + "\"}").provide();
  EXPECT_EQ(call.request(0).url(), "https://cloudsmith.internal:8443/v2/openid/acme");
  EXPECT_EQ(call.request(0).header("X-Env"), "prod");
  EXPECT_EQ(call.request(0).header("X-Team"), "platform team");
  EXPECT_EQ(call.request(0).headerCount(), 2u);
}

TEST_P(Cloudsmith, ReportsItsOwnReasonOfARefusal) {
  for (const int status : {401, 403}) {
    EXPECT_THAT(failureAfter(status, R"({"detail":"The OIDC token could not be authenticated."})"),
                AllOf(HasSubstr("The OIDC token could not be authenticated."), HasSubstr("code=exchange-denied"),
                      HasSubstr("status=" + std::to_string(status)), HasSubstr("host=api.cloudsmith.io")));
  }
  EXPECT_THAT(failureAfter(422, R"({"detail":"service_slug is missing"})"),
              AllOf(HasSubstr("service_slug is missing"), HasSubstr("code=exchange-rejected")));
  EXPECT_THAT(failureAfter(404, "<html>not found</html>"),
              AllOf(HasSubstr("code=exchange-rejected"), Not(HasSubstr("html"))));
}

TEST_P(Cloudsmith, IsUnavailableIfTheExchangeIs) {
  EXPECT_THAT(failureAfter(503, ""), HasSubstr("code=server-error"));
  EXPECT_THAT(failureAfter(429, ""), HasSubstr("code=throttled"));
  EXPECT_THAT(exchange().noAnswer(ScriptedCall::NoAnswer::kUntrusted).failure(), HasSubstr("code=tls-failed"));
}

TEST_P(Cloudsmith, RefusesASuccessThatCarriesAnError) {
  EXPECT_THAT(failureAfter(200, R"({"error":"no such service","token":")" + issued_ + "\"}"),
              AllOf(HasSubstr("Cloudsmith refused the identity: no such service (code=provider-refused)"),
                    HasSubstr("compare the claims")));
}

TEST_P(Cloudsmith, RefusesAnAnswerWithoutAToken) {
  for (const char* body : {"{}", R"({"token":""})", R"({"token":" \n"})", R"({"token":null})", R"({"token":["x"]})",
                           R"({"error":"  "})", "[]", "\"token\"", R"({"token":12345})", R"({"token":true})"}) {
    EXPECT_THAT(failureAfter(201, body), HasSubstr("Cloudsmith's answer contains no token (code=answer-invalid)"))
        << body;
  }
}

TEST_P(Cloudsmith, TellsWhereAnAnswerStopsBeingJson) {
  const std::pair<const char*, const char*> answers[] = {
      {"", "expected a value at line 1, column 1"},
      {"not json", "expected a value at line 1, column 1"},
      {"{\"token\":\"x\"", "expected ',' or '}' at line 1, column 13"},
      {R"({"token":"a","token":"b"})", "duplicate member name in an object"},
  };
  for (const auto& [body, why] : answers) {
    EXPECT_EQ(failureAfter(201, body),
              "the answer from api.cloudsmith.io is not JSON: " + std::string(why) +
                  " (code=answer-invalid); check the host and the path in the rule's settings");
  }
}

TEST_P(Cloudsmith, RefusesATokenThatIsNone) {
  const std::pair<std::string, const char*> tokens[] = {
      {std::string(70'000, 'x'), "is 70000 bytes long, above the limit of 65536"},
      {"two\\nlines", "contains a control character at byte 4"},
      {"colour\\u001b[31m", "contains a control character at byte 7"},
      {"\xef\xbb\xbftoken", "begins with a UTF-8 byte order mark"},
  };
  for (const auto& [token, why] : tokens) {
    EXPECT_THAT(
        failureAfter(201, R"({"token":")" + token + "\"}"),
        StartsWith("the password in the answer from api.cloudsmith.io " + std::string(why) + " (code=answer-invalid)"));
  }
}

TEST_P(Cloudsmith, NeverQuotesAnAnswerThatItCannotRead) {
  EXPECT_THAT(failureAfter(201, R"({"tokn":"canary-0123456789-canary"})"), Not(HasSubstr("canary")));
  EXPECT_THAT(failureAfter(201, "canary"), Not(HasSubstr("canary")));
}

TEST_P(Cloudsmith, NeverQuotesAnErrorThatEchoesTheToken) {
  EXPECT_THAT(failureAfter(200, R"({"error":"cannot read )" + token() + "\"}"),
              AllOf(HasSubstr("withheld"), HasSubstr("code=provider-refused")));
}

TEST_P(Cloudsmith, KnowsNoExpiryOfATokenWithoutOne) {
  EXPECT_EQ(exchange().answer(201, R"({"token":"opaque"})").provide().expiresAt, RCB_EXPIRES_UNKNOWN);
}

TEST_P(Cloudsmith, IsKeptNoLongerThanTheTokenWasIssuedForWhateverTheNodesClockSays) {
  for (int skew = -12; skew <= 12; ++skew) {
    ScriptedCall call = exchange();
    call.time(kNow + skew * 3600).answer(201, R"({"token":")" + jwt(minutes(90), minutes(0)) + "\"}");
    EXPECT_EQ(call.provide().cachedFor, minutes(skew <= 0 ? 81 : skew == 1 ? 27 : 0)) << skew;
  }
}

TEST_P(Cloudsmith, NeedsTheOrganizationTheServiceAndAToken) {
  EXPECT_THAT(callOf("cloudsmith").setting("service", "a").checkFailure(), StartsWith("settings.organization: "));
  EXPECT_THAT(callOf("cloudsmith").setting("organization", "a").checkFailure(), StartsWith("settings.service: "));
  EXPECT_THAT(exchange().withoutToken().checkFailure(), StartsWith("identity"));
}

TEST_P(Cloudsmith, TakesOnlySlugs) {
  for (const char* slug :
       {"../admin", "a/b", "a?b", "a#b", "a%2fb", "a b", "-a", "_a", ".", "a.b", "a@b", "\xc3\xa4"}) {
    EXPECT_THAT(exchange(slug, "a").checkFailure(), HasSubstr("is not a valid value for")) << slug;
    EXPECT_THAT(exchange("a", slug).checkFailure(), HasSubstr("is not a valid value for")) << slug;
  }
  EXPECT_THAT(exchange("a", std::string(101, 'a')).checkFailure(), StartsWith("settings.service: "));
  EXPECT_NO_THROW(exchange("a", "Team-1_sa").check());
}

TEST_P(Cloudsmith, TakesOnlyAHostForAHost) {
  for (const char* host :
       {"https://api.cloudsmith.io", "api.cloudsmith.io/", "user@api.cloudsmith.io", "api.cloudsmith.io:", ":443",
        "a b", "api.cloudsmith.io:443:443", "api.cloudsmith.io?x", "-a"}) {
    EXPECT_THAT(exchange().setting("apiHost", host).checkFailure(), StartsWith("settings.apiHost: ")) << host;
  }
  for (const char* host : {"localhost", "10.0.0.1:8443", "[::1]:8443", "api.cloudsmith.io"}) {
    EXPECT_NO_THROW(exchange().setting("apiHost", host).check()) << host;
  }
}

TEST_P(Cloudsmith, TakesOnlyAPathForAPath) {
  for (const char* path : {"openid", "//evil.test/\\", "/a b", "/a?b", "/a#b", "/%2e", "https://evil.test/"}) {
    EXPECT_THAT(exchange().setting("path", path).checkFailure(), StartsWith("settings.path: ")) << path;
  }
}

TEST_P(Cloudsmith, TakesOnlyWholeHeaders) {
  for (const char* header : {"X-Env", "X Env: a", ": a", "X-Env: a\nX-Other: b", "X-Env: \xc3\xa4"}) {
    EXPECT_THAT(exchange().setting("headers", header).checkFailure(), StartsWith("settings.headers")) << header;
  }
}

TEST_P(Cloudsmith, LetsAnnotationsSetTheSlugsAndNothingElse) {
  const rcb_provider& table = tableOf("cloudsmith");
  for (std::size_t i = 0; i < table.setting_count; ++i) {
    const std::string name(table.settings[i].name.data, table.settings[i].name.size);
    const bool annotatable = (table.settings[i].flags & RCB_SETTING_ANNOTATION) != 0;
    EXPECT_EQ(annotatable, name == "organization" || name == "service") << name;
  }
}

RCB_TEST_BOTH_FORMS(Cloudsmith);

TEST(CloudsmithUrl, FillsInTheOrganizationWhereverItStands) {
  EXPECT_EQ(cloudsmith::exchangeUrl("h", "/{organization}/x/{organization}", "acme"), "https://h/acme/x/acme");
  EXPECT_EQ(cloudsmith::exchangeUrl("h:1", "/plain", "acme"), "https://h:1/plain");
  EXPECT_EQ(cloudsmith::exchangeUrl("h", "/{organization}", "{organization}"), "https://h/{organization}");
}

TEST(CloudsmithHeader, IsSplitAtTheFirstColon) {
  const auto split = [](std::string_view header) {
    const sdk::Field field = cloudsmith::splitHeader(header);
    return std::pair(field.name.view(), field.value.view());
  };
  EXPECT_THAT(split("X-Url: https://h/"), Pair("X-Url", "https://h/"));
  EXPECT_THAT(split("X-Empty:"), Pair("X-Empty", ""));
  EXPECT_THAT(split("X-Blank:   "), Pair("X-Blank", ""));
}

}  // namespace
}  // namespace rcb
