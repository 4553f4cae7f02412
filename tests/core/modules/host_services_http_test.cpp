// HTTP as a module sees it, through the C table.

#include "tests/core/modules/lent_services.hpp"
#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>

#include <string>
#include <tuple>
#include <utility>

namespace rcb {
namespace {

using test::HostServicesTest;
using test::Services;
using test::settingNamed;
using test::text;
using test::throwsError;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

using Http = HostServicesTest;

TEST_F(Http, EncodesFieldsAsJson) {
  call().http.willAnswer(201, R"({"token":"t"})");
  credentialOf([](Services services, const rcb_request& request) {
    const rcb_field fields[] = {{text("oidc_token"), request.token}, {text("service"), text("a\"b")}};
    const rcb_field headers[] = {{text("X-Env"), text("prod")}};
    rcb_http_request wanted{};
    wanted.body = RCB_BODY_JSON;
    wanted.fields = fields;
    wanted.field_count = 2;
    wanted.headers = headers;
    wanted.header_count = 1;
    rcb_text body{};
    EXPECT_EQ(services.http(wanted, &body), RCB_OK);
    EXPECT_EQ(test::view(body), R"({"token":"t"})");
    return services.emit("user", "password");
  });
  ASSERT_EQ(call().http.sent.size(), 1u);
  const auto& sent = call().http.sent[0];
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "https://sts.test/token");
  EXPECT_EQ(sent.contentType, "application/json");
  EXPECT_EQ(sent.body, R"({"oidc_token":")" + call().token + R"(","service":"a\"b"})");
  EXPECT_THAT(sent.headers, ElementsAre(Pair("X-Env", "prod")));
}

TEST_F(Http, EncodesFieldsAsAForm) {
  call().http.willAnswer(200, "");
  credentialOf([](Services services, const rcb_request&) {
    const rcb_field fields[] = {{text("scope"), text("a b")}};
    rcb_http_request wanted{};
    wanted.body = RCB_BODY_FORM;
    wanted.fields = fields;
    wanted.field_count = 1;
    EXPECT_EQ(services.http(wanted), RCB_OK);
    return services.emit("user", "password");
  });
  EXPECT_EQ(call().http.sent.at(0).contentType, "application/x-www-form-urlencoded");
  EXPECT_EQ(call().http.sent.at(0).body, "scope=a+b");
}

TEST_F(Http, SendsARawBodyAsItIs) {
  call().http.willAnswer(200, "");
  credentialOf([](Services services, const rcb_request&) {
    rcb_http_request wanted{};
    wanted.body = RCB_BODY_RAW;
    wanted.content_type = text("application/x-amz-json-1.1");
    wanted.content = text("{}");
    EXPECT_EQ(services.http(wanted), RCB_OK);
    return services.emit("user", "password");
  });
  EXPECT_EQ(call().http.sent.at(0).contentType, "application/x-amz-json-1.1");
  EXPECT_EQ(call().http.sent.at(0).body, "{}");
}

TEST_F(Http, GetsWithoutABody) {
  call().http.willAnswer(200, "");
  credentialOf([](Services services, const rcb_request&) {
    rcb_http_request wanted{};
    wanted.method = text("GET");
    EXPECT_EQ(services.http(wanted), RCB_OK);
    return services.emit("user", "password");
  });
  EXPECT_EQ(call().http.sent.at(0).method, "GET");
  EXPECT_EQ(call().http.sent.at(0).contentType, "");
}

TEST_F(Http, IsRepeatableOnlyIfTheModuleSaysSo) {
  struct Case {
    std::uint32_t flags;
    bool repeatable;
  };
  const Case cases[] = {
      {0, false}, {RCB_HTTP_REPEATABLE, true}, {RCB_HTTP_REPEATABLE | 1u << 31, true}, {1u << 17, false}};
  for (const Case& given : cases) {
    call().http.willAnswer(200, "");
    credentialOf([given](Services services, const rcb_request&) {
      rcb_http_request wanted{};
      wanted.flags = given.flags;
      EXPECT_EQ(services.http(wanted), RCB_OK);
      return services.emit("user", "password");
    });
    EXPECT_EQ(call().http.sent.back().repeatable, given.repeatable) << given.flags;
  }
}

TEST_F(Http, RefusesAFlagThatMustBeUnderstood) {
  for (const std::uint32_t flags : {1u, 1u << 15, 1u | RCB_HTTP_REPEATABLE}) {
    EXPECT_THAT(failureOf([flags](Services services, const rcb_request&) {
                  rcb_http_request wanted{};
                  wanted.flags = flags;
                  return services.http(wanted);
                }),
                HasSubstr("set an unknown request flag"));
  }
  EXPECT_THAT(call().http.sent, IsEmpty());
}

TEST_F(Http, SendsNothingToAUrlThatIsNotHttps) {
  for (const char* url :
       {"http://sts.test/", "ftp://sts.test/", "sts.test", "https://", "https://user@sts.test/",
        "https://sts.test/#fragment", "https://sts.test/a b", "https://sts.test/\r\nX: y", " https://sts.test/"}) {
    const std::string line = failureOf([url](Services services, const rcb_request&) {
      rcb_http_request wanted{};
      wanted.url = text(url);
      return services.http(wanted);
    });
    EXPECT_THAT(line, HasSubstr("code=settings-invalid")) << url;
  }
  EXPECT_THAT(call().http.sent, IsEmpty());
}

// Whatever a module does, a token goes only where the file or the provider's table says.
TEST_F(Http, SendsNothingToAHostThatNeitherSettingsNorTableName) {
  module_.settings = {settingNamed("url"), settingNamed("note")};
  module_.settings[0].type = RCB_SETTING_URL;
  call().with("url", "https://login.test:8443/token").with("note", "https://evil.test/");
  for (const char* url : {"https://evil.test/", "https://sts.test:8443/", "https://login.test/token",
                          "https://sts.test.evil.test/", "https://127.0.0.1/", "https://registry.test/"}) {
    EXPECT_THAT(failureOf([url](Services services, const rcb_request&) {
                  rcb_http_request wanted{};
                  wanted.url = text(url);
                  return services.http(wanted);
                }),
                AllOf(HasSubstr("the provider module stub may not contact "),
                      HasSubstr("; it may contact login.test:8443 (setting url), sts.test (the provider's table)"),
                      HasSubstr("code=module-misbehaved")))
        << url;
  }
  EXPECT_THAT(call().http.sent, IsEmpty());
}

// A registry's realm, a redirect that the module follows by itself, and the like.
TEST_F(Http, BlamesTheServerForAUrlThatLeadsElsewhere) {
  call().http.willAnswer(200, R"({"realm":"https://evil.test/token"})");
  EXPECT_THAT(
      failureOf([](Services services, const rcb_request&) {
        rcb_text body{};
        services.http({}, &body);
        rcb_http_request next{};
        services.host.json_text(services.host.context, body, text("/realm"), &next.url);
        return services.http(next);
      }),
      AllOf(StartsWith("the answer from sts.test names the host evil.test, which the provider stub may not contact; "),
            HasSubstr("code=answer-invalid")));
  EXPECT_EQ(call().http.sent.size(), 1u);
}

TEST_F(Http, TurnsARefusalIntoItsErrorAndStatus) {
  const std::tuple<int, rcb_status, const char*> cases[] = {
      {302, RCB_BAD_ANSWER, "code=redirect"},       {401, RCB_REFUSED, "code=exchange-denied"},
      {403, RCB_REFUSED, "code=exchange-denied"},   {404, RCB_REFUSED, "code=exchange-rejected"},
      {422, RCB_REFUSED, "code=exchange-rejected"}, {429, RCB_UNAVAILABLE, "code=throttled"},
      {500, RCB_UNAVAILABLE, "code=server-error"},  {503, RCB_UNAVAILABLE, "code=server-error"},
      {408, RCB_UNAVAILABLE, "code=server-error"},  {425, RCB_UNAVAILABLE, "code=server-error"},
  };
  for (const auto& [status, expected, slug] : cases) {
    call().http.willAnswer(status, R"({"detail":"the server's words"})");
    const rcb_status wanted = expected;
    const std::string line = failureOf([wanted](Services services, const rcb_request&) {
      const rcb_status got = services.http({});
      EXPECT_EQ(got, wanted);
      return got;
    });
    EXPECT_THAT(line, AllOf(HasSubstr("the server's words"), HasSubstr(slug),
                            HasSubstr("status=" + std::to_string(status)), HasSubstr("host=sts.test")));
  }
}

TEST_F(Http, KeepsTheTokenOutOfAnEchoedReason) {
  call().http.willAnswer(401, R"({"error":"cannot accept )" + call().token + "\"}");
  const std::string line = failureOf([](Services services, const rcb_request&) { return services.http({}); });
  EXPECT_THAT(line, AllOf(StartsWith("the exchange refused the identity (code="), Not(HasSubstr("cannot accept"))));
}

TEST_F(Http, ReportsWhatTheNetworkThrew) {
  const std::pair<ErrorCode, rcb_status> cases[] = {
      {ErrorCode::kDnsFailed, RCB_UNAVAILABLE},      {ErrorCode::kTlsFailed, RCB_UNAVAILABLE},
      {ErrorCode::kDeadline, RCB_UNAVAILABLE},       {ErrorCode::kAnswerTooLarge, RCB_BAD_ANSWER},
      {ErrorCode::kFileUntrusted, RCB_BAD_SETTINGS},
  };
  for (const auto& [code, expected] : cases) {
    call().http.willThrow(Error(code, "as the network says").with("attempts", "3"));
    const rcb_status wanted = expected;
    module([wanted](Services services, const rcb_request&) {
      const rcb_status got = services.http({});
      EXPECT_EQ(got, wanted);
      return got;
    });
    EXPECT_THAT([&] { call().make(); }, throwsError(code, "attempts=3"));
  }
}

TEST_F(Http, RefusesAMalformedCall) {
  const auto refused = [this](auto change) {
    rcb_http_request wanted{};
    wanted.size = sizeof wanted;
    change(wanted);
    EXPECT_THAT(failureOf([wanted](Services services, const rcb_request&) { return services.http(wanted); }),
                HasSubstr("the provider module stub made an invalid http call (code=module-misbehaved)"));
  };
  refused([](rcb_http_request& wanted) { wanted.size = offsetof(rcb_http_request, flags) - 1; });
  refused([](rcb_http_request& wanted) { wanted.header_count = 65; });
  refused([](rcb_http_request& wanted) { wanted.field_count = SIZE_MAX; });
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_http_request wanted{};
                wanted.body = RCB_BODY_RAW + 1;
                return services.http(wanted);
              }),
              HasSubstr("requested an unknown kind of body"));
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                return services.host.http(services.host.context, nullptr, nullptr);
              }),
              HasSubstr("invalid http call"));
  EXPECT_THAT(call().http.sent, IsEmpty());
}

}  // namespace
}  // namespace rcb
