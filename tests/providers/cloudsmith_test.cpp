#include "providers/cloudsmith/exchange.hpp"
#include "tests/core/modules/provider_call.hpp"
#include "tests/providers/provider_forms.hpp"
#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>

#include <string>

namespace rcb {
namespace {

using test::jwt;
using test::kNow;
using test::ProviderCall;
using test::throwsError;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

class Cloudsmith : public test::ProviderForms {
 protected:
  ProviderCall exchange() {
    ProviderCall call(open("cloudsmith"));
    call.with("organization", "acme").with("service", "kubelet-puller");
    return call;
  }
  // The failure line after this answer.
  std::string failureAfter(int status, const std::string& body) {
    ProviderCall call = exchange();
    call.http.willAnswer(status, body);
    return call.failure();
  }
  const std::string issued_ = jwt(kNow + std::chrono::minutes(90), "issued-by-cloudsmith");
};

TEST_P(Cloudsmith, TradesTheTokenForAJwt) {
  ProviderCall call = exchange();
  call.http.willAnswer(201, R"({"token":")" + issued_ + "\"}");
  const IssuedCredential credential = call.make();
  EXPECT_EQ(credential.username, "token");
  EXPECT_EQ(credential.password.reveal(), issued_);
  EXPECT_EQ(credential.expiry.kind, Expiry::Kind::kAt);
  EXPECT_EQ(credential.expiry.at, kNow + std::chrono::minutes(90));

  ASSERT_EQ(call.http.sent.size(), 1u);
  const auto& sent = call.http.sent[0];
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "https://api.cloudsmith.io/openid/acme/");
  EXPECT_EQ(sent.contentType, "application/json");
  EXPECT_EQ(sent.body, R"({"oidc_token":")" + call.token + R"(","service_slug":"kubelet-puller"})");
  EXPECT_THAT(sent.headers, IsEmpty());
  EXPECT_TRUE(sent.repeatable);
}

TEST_P(Cloudsmith, Takes200AsWellAs201) {
  ProviderCall call = exchange();
  call.http.willAnswer(200, R"({"token":")" + issued_ + R"(","error":""})");
  EXPECT_EQ(call.make().password.reveal(), issued_);
}

TEST_P(Cloudsmith, AsksTheHostThePathAndWithTheHeadersOfTheSettings) {
  ProviderCall call = exchange();
  call.with("apiHost", "cloudsmith.internal:8443").with("path", "/v2/openid/{organization}");
  call.with("headers", "X-Env:prod").with("headers", "X-Team:  platform team ");
  call.http.willAnswer(201, R"({"token":")" + issued_ + "\"}");
  call.make();
  EXPECT_EQ(call.http.sent.at(0).url, "https://cloudsmith.internal:8443/v2/openid/acme");
  EXPECT_THAT(call.http.sent.at(0).headers, ElementsAre(Pair("X-Env", "prod"), Pair("X-Team", "platform team")));
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
  ProviderCall call = exchange();
  call.http.willThrow(Error(ErrorCode::kTlsFailed, "no trust"));
  EXPECT_THAT([&] { call.make(); }, throwsError(ErrorCode::kTlsFailed, "no trust"));
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
  ProviderCall call = exchange();
  call.http.willAnswer(200, R"({"error":"cannot read )" + call.token + "\"}");
  EXPECT_THAT(call.failure(), AllOf(HasSubstr("withheld"), HasSubstr("code=provider-refused")));
}

TEST_P(Cloudsmith, KnowsNoExpiryOfATokenWithoutOne) {
  ProviderCall call = exchange();
  call.http.willAnswer(201, R"({"token":"opaque"})");
  EXPECT_EQ(call.make().expiry.kind, Expiry::Kind::kUnknown);
}

TEST_P(Cloudsmith, IsKeptNoLongerThanTheTokenWasIssuedForWhateverTheNodesClockSays) {
  using std::chrono::hours;
  for (int skew = -12; skew <= 12; ++skew) {
    ProviderCall call = exchange();
    call.clock = kNow + hours(skew);
    call.http.willAnswer(201,
                         R"({"token":")" + jwt(kNow + std::chrono::minutes(90), "issued-by-cloudsmith", kNow) + "\"}");
    const auto kept = cacheDuration(call.make().expiry, call.clock, hours(24));
    EXPECT_EQ(kept, std::chrono::minutes(skew <= 0 ? 81 : skew == 1 ? 27 : 0)) << skew;
  }
}

TEST_P(Cloudsmith, NeedsTheOrganizationTheServiceAndAToken) {
  EXPECT_THAT(ProviderCall(open("cloudsmith")).with("service", "a").settingsProblem(),
              HasSubstr("settings.organization"));
  EXPECT_THAT(ProviderCall(open("cloudsmith")).with("organization", "a").settingsProblem(),
              HasSubstr("settings.service"));
  EXPECT_THAT(exchange().withoutToken().settingsProblem(), HasSubstr("identity"));
}

TEST_P(Cloudsmith, TakesOnlySlugs) {
  for (const char* slug :
       {"../admin", "a/b", "a?b", "a#b", "a%2fb", "a b", "-a", "_a", ".", "a.b", "a@b", "\xc3\xa4"}) {
    EXPECT_THAT(exchange().with("organization", slug).settingsProblem(), HasSubstr("is not a valid value for")) << slug;
    EXPECT_THAT(exchange().with("service", slug).settingsProblem(), HasSubstr("is not a valid value for")) << slug;
  }
  EXPECT_NE(exchange().with("service", std::string(101, 'a')).settingsProblem(), "");
  EXPECT_EQ(exchange().with("service", "Team-1_sa").settingsProblem(), "");
}

TEST_P(Cloudsmith, TakesOnlyAHostForAHost) {
  for (const char* host :
       {"https://api.cloudsmith.io", "api.cloudsmith.io/", "user@api.cloudsmith.io", "api.cloudsmith.io:", ":443",
        "a b", "api.cloudsmith.io:443:443", "api.cloudsmith.io?x", "-a"}) {
    EXPECT_NE(exchange().with("apiHost", host).settingsProblem(), "") << host;
  }
  for (const char* host : {"localhost", "10.0.0.1:8443", "[::1]:8443", "api.cloudsmith.io"}) {
    EXPECT_EQ(exchange().with("apiHost", host).settingsProblem(), "") << host;
  }
}

TEST_P(Cloudsmith, TakesOnlyAPathForAPath) {
  for (const char* path : {"openid", "//evil.test/\\", "/a b", "/a?b", "/a#b", "/%2e", "https://evil.test/"}) {
    EXPECT_NE(exchange().with("path", path).settingsProblem(), "") << path;
  }
}

TEST_P(Cloudsmith, TakesOnlyWholeHeaders) {
  for (const char* header : {"X-Env", "X Env: a", ": a", "X-Env: a\nX-Other: b", "X-Env: \xc3\xa4"}) {
    EXPECT_NE(exchange().with("headers", header).settingsProblem(), "") << header;
  }
}

TEST_P(Cloudsmith, LetsAnnotationsSetTheSlugsAndNothingElse) {
  for (const SettingSpec& setting : open("cloudsmith").description().settings) {
    EXPECT_EQ(setting.annotatable, setting.name == "organization" || setting.name == "service") << setting.name;
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
