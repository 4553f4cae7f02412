// HTTP as a module sees it, through the C table.

#include "tests/core/modules/lent_services.hpp"
#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

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
  call().script.answer(201, R"({"token":"t"})");
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
  ASSERT_EQ(call().requests().size(), 1u);
  const auto& sent = call().requests()[0];
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "https://sts.test/token");
  EXPECT_EQ(sent.contentType, "application/json");
  EXPECT_EQ(sent.body, R"({"oidc_token":")" + *call().script.token + R"(","service":"a\"b"})");
  EXPECT_THAT(sent.headers, ElementsAre(Pair("X-Env", "prod")));
}

TEST_F(Http, EncodesFieldsAsAForm) {
  call().script.answer(200, "");
  credentialOf([](Services services, const rcb_request&) {
    const rcb_field fields[] = {{text("scope"), text("a b")}};
    rcb_http_request wanted{};
    wanted.body = RCB_BODY_FORM;
    wanted.fields = fields;
    wanted.field_count = 1;
    EXPECT_EQ(services.http(wanted), RCB_OK);
    return services.emit("user", "password");
  });
  EXPECT_EQ(call().requests().at(0).contentType, "application/x-www-form-urlencoded");
  EXPECT_EQ(call().requests().at(0).body, "scope=a+b");
}

TEST_F(Http, SendsARawBodyAsItIs) {
  call().script.answer(200, "");
  credentialOf([](Services services, const rcb_request&) {
    rcb_http_request wanted{};
    wanted.body = RCB_BODY_RAW;
    wanted.content_type = text("application/x-amz-json-1.1");
    wanted.content = text("{}");
    EXPECT_EQ(services.http(wanted), RCB_OK);
    return services.emit("user", "password");
  });
  EXPECT_EQ(call().requests().at(0).contentType, "application/x-amz-json-1.1");
  EXPECT_EQ(call().requests().at(0).body, "{}");
}

TEST_F(Http, GetsWithoutABody) {
  call().script.answer(200, "");
  credentialOf([](Services services, const rcb_request&) {
    rcb_http_request wanted{};
    wanted.method = text("GET");
    EXPECT_EQ(services.http(wanted), RCB_OK);
    return services.emit("user", "password");
  });
  EXPECT_EQ(call().requests().at(0).method, "GET");
  EXPECT_EQ(call().requests().at(0).contentType, "");
}

TEST_F(Http, IsRepeatableOrSentOnceOnlyIfTheModuleSaysSo) {
  struct Case {
    std::uint32_t flags;
    bool repeatable;
    bool once;
  };
  const Case cases[] = {{0, false, false},
                        {RCB_HTTP_REPEATABLE, true, false},
                        {RCB_HTTP_REPEATABLE | 1u << 31, true, false},
                        {RCB_HTTP_REPEATABLE | RCB_HTTP_ANY_STATUS, true, false},
                        {RCB_HTTP_ONCE, false, true},
                        {RCB_HTTP_ONCE | RCB_HTTP_ANY_STATUS | 1u << 30, false, true},
                        {1u << 17, false, false}};
  for (const Case& given : cases) {
    call().script.answer(200, "");
    credentialOf([given](Services services, const rcb_request&) {
      rcb_http_request wanted{};
      wanted.flags = given.flags;
      EXPECT_EQ(services.http(wanted), RCB_OK);
      return services.emit("user", "password");
    });
    EXPECT_EQ(call().requests().back().repeatable, given.repeatable) << given.flags;
    EXPECT_EQ(call().requests().back().once, given.once) << given.flags;
  }
}

TEST_F(Http, RefusesAFlagThatMustBeUnderstood) {
  for (const std::uint32_t flags : {1u << 2, 1u << 15, 1u << 2 | RCB_HTTP_REPEATABLE, RCB_HTTP_ONCE | 1u << 8}) {
    EXPECT_THAT(failureOf([flags](Services services, const rcb_request&) {
                  rcb_http_request wanted{};
                  wanted.flags = flags;
                  return services.http(wanted);
                }),
                HasSubstr("of a request, which is not in version 1.0 of the module contract"));
  }
  EXPECT_THAT(call().requests(), IsEmpty());
}

TEST_F(Http, RefusesToSendOnceWhatMayBeRepeated) {
  for (const std::uint32_t more : {0u, std::uint32_t{RCB_HTTP_ANY_STATUS}}) {
    EXPECT_THAT(failureOf([more](Services services, const rcb_request&) {
                  rcb_http_request wanted{};
                  wanted.flags = RCB_HTTP_ONCE | RCB_HTTP_REPEATABLE | more;
                  EXPECT_EQ(services.http(wanted), RCB_INTERNAL);
                  return services.emit("user", "password");  // does not help
                }),
                HasSubstr("the provider module stub set the request flags ONCE and REPEATABLE together"));
  }
  EXPECT_THAT(call().requests(), IsEmpty());
}

TEST_F(Http, PassesOnTheMethodAndItsBody) {
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
    call().script.answer(204, "");
    credentialOf([method](Services services, const rcb_request&) {
      const rcb_field fields[] = {{text("a"), text("b")}};
      rcb_http_request wanted{};
      wanted.method = text(method);
      if (std::string_view(method) == "PUT") {
        wanted.body = RCB_BODY_JSON;
        wanted.fields = fields;
        wanted.field_count = 1;
      }
      EXPECT_EQ(services.http(wanted), RCB_OK);
      return services.emit("user", "password");
    });
    EXPECT_EQ(call().requests().back().method, method);
    EXPECT_EQ(call().requests().back().body, std::string_view(method) == "PUT" ? R"({"a":"b"})" : "");
  }
}

// --- any status ---

TEST_F(Http, ReturnsAnAnswerOfAnyStatusThatTheModuleAsksFor) {
  for (const int status : {200, 204, 299, 300, 302, 308, 400, 401, 404, 408, 429, 499, 500, 503, 599}) {
    call().script.answer(status, "words", {{"WWW-Authenticate", "Bearer realm=\"https://sts.test/\""}});
    credentialOf([status](Services services, const rcb_request&) {
      rcb_http_request wanted{};
      wanted.flags = RCB_HTTP_ANY_STATUS;
      const rcb_http_response answer = services.answerTo(wanted);
      EXPECT_EQ(answer.status, status);
      EXPECT_EQ(test::view(answer.body), status == 204 ? "" : "words");  // RFC 9110 section 15.3.5
      EXPECT_EQ(answer.header_count, 1u);
      return services.emit("user", "password");
    });
  }
}

TEST_F(Http, ReturnsNoAnswerOfAStatusThatIsNone) {
  for (const int status : {0, 100, 199, 600, 999, -200}) {
    for (const std::uint32_t flags : {0u, std::uint32_t{RCB_HTTP_ANY_STATUS}}) {
      call().script.answer(status, "words", {{"A", "b"}});
      EXPECT_THAT(failureOf([flags](Services services, const rcb_request&) {
                    rcb_http_request wanted{};
                    wanted.flags = flags;
                    return services.http(wanted);
                  }),
                  HasSubstr("the exchange answered with an unexpected status (code=answer-invalid"))
          << status;
    }
  }
}

TEST_F(Http, LeavesAModuleThatGotARefusalToSayWhatItMeans) {
  call().script.answer(404, R"({"error":"the server's words"})");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_http_request wanted{};
                wanted.flags = RCB_HTTP_ANY_STATUS;
                services.answerTo(wanted);
                return services.fail(RCB_REFUSED, "there is no such repository");
              }),
              AllOf(HasSubstr("there is no such repository (code=provider-refused"), Not(HasSubstr("server's words"))));
}

TEST_F(Http, ForgetsAnEarlierFailureAfterAnAnswerOfAnyStatus) {
  call().script.fail(Error(ErrorCode::kConnectFailed, "the first host is away"));
  call().script.answer(401, "");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                EXPECT_EQ(services.http({}), RCB_UNAVAILABLE);
                rcb_http_request wanted{};
                wanted.flags = RCB_HTTP_ANY_STATUS;
                services.answerTo(wanted);
                return services.fail(RCB_REFUSED, "the second host says no");
              }),
              AllOf(HasSubstr("the second host says no"), Not(HasSubstr("away"))));
}

TEST_F(Http, ReportsWhatIsNotAnAnswerWhateverStatusTheModuleAsksFor) {
  call().script.fail(Error(ErrorCode::kConnectionLost, "as the network says"));
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_http_request wanted{};
                wanted.flags = RCB_HTTP_ANY_STATUS | RCB_HTTP_ONCE;
                const rcb_status got = services.http(wanted);
                EXPECT_EQ(got, RCB_UNAVAILABLE);
                return got;
              }),
              HasSubstr("as the network says (code=connection-lost"));
}

// --- headers of the answer ---

TEST_F(Http, ReturnsHeadersAsTheServerSentThem) {
  call().script.answer(200, "1",
                       {{"Set-Cookie", "a=1"}, {"x-EMPTY", ""}, {"set-cookie", "b=2"}, {"Set-Cookie", "a=1"}});
  call().script.answer(200, "2", {});
  call().script.answer(200, "3", {{"X-Other", std::string(60'000, 'x')}});
  credentialOf([](Services services, const rcb_request&) {
    const rcb_http_response first = services.answerTo({});
    const rcb_http_response second = services.answerTo({});
    const rcb_http_response third = services.answerTo({});
    // The first answer's are still valid.
    std::vector<std::pair<std::string_view, std::string_view>> found;
    for (std::size_t i = 0; i < first.header_count; ++i)
      found.emplace_back(test::view(first.headers[i].name), test::view(first.headers[i].value));
    EXPECT_THAT(found, ElementsAre(Pair("Set-Cookie", "a=1"), Pair("x-EMPTY", ""), Pair("set-cookie", "b=2"),
                                   Pair("Set-Cookie", "a=1")));
    EXPECT_EQ(test::view(first.body), "1");
    EXPECT_EQ(second.header_count, 0u);
    EXPECT_EQ(third.header_count, 1u);
    EXPECT_EQ(third.headers[0].value.size, 60'000u);
    return services.emit("user", "password");
  });
}

TEST_F(Http, WritesNothingIntoTheAnswerOfARequestThatFailed) {
  call().script.answer(404, "words", {{"A", "b"}});
  failureOf([](Services services, const rcb_request&) {
    rcb_http_request wanted{};
    wanted.size = sizeof wanted;
    wanted.method = text("GET");
    wanted.url = text("https://sts.test/");
    rcb_http_response response{};
    response.size = sizeof response;
    EXPECT_EQ(services.host.http(services.host.context, &wanted, &response), RCB_REFUSED);
    EXPECT_EQ(response.status, 0);
    EXPECT_EQ(response.headers, nullptr);
    EXPECT_EQ(response.body.data, nullptr);
    return rcb_status{RCB_REFUSED};
  });
}

TEST_F(Http, WithholdsWhatWasInAHeader) {
  const std::string session = "sess10n-0123456789abcdef0123456789abcdef";
  call().script.answer(200, "", {{"Date", "today"}, {"Set-Cookie", "id=" + session + "; Path=/"}});
  const std::string line = failureOf([&](Services services, const rcb_request&) {
    services.answerTo({});
    services.host.log(services.host.context, RCB_LOG_ERROR, text("got " + session), nullptr, 0);
    return services.fail(RCB_BAD_ANSWER, "unknown session " + session.substr(5, 20));
  });
  EXPECT_THAT(line, AllOf(HasSubstr("is withheld"), Not(HasSubstr("0123456789"))));
  for (const std::string& logged : call().log()) EXPECT_THAT(logged, Not(HasSubstr("0123456789")));
}

// An error issues no credential, and its IDs are what an operator gives the registry's support.
TEST_F(Http, ShowsTheIdsInAnErrorThatTheProviderQuotes) {
  const std::string id = "4c1f0d6e-4a1f-5b0e-9b57-0123456789ab";
  const auto lineAfter = [&](int status) {
    call().script.answer(status, R"({"message":"for arn:aws:sts::111122223333:assumed-role/pull"})", {{"X-Id", id}});
    return failureOf([&](Services services, const rcb_request&) {
      rcb_http_request wanted{};
      wanted.flags = RCB_HTTP_ANY_STATUS;
      const rcb_http_response answer = services.answerTo(wanted);
      const std::string message = services.json(test::view(answer.body), "/message").value_or("");
      return services.fail(RCB_REFUSED, std::string(test::view(answer.headers[0].value)) + " " + message);
    });
  };
  for (const int status : {400, 403, 503}) {
    EXPECT_THAT(lineAfter(status), HasSubstr(id + " for arn:aws:sts::111122223333:assumed-role/pull")) << status;
  }
  for (const int status : {200, 302}) EXPECT_THAT(lineAfter(status), HasSubstr("is withheld")) << status;
}

TEST_F(Http, BlamesTheServerForAnUnusablePasswordFromAHeader) {
  call().script.answer(200, "", {{"X-Auth-Token", "tok\ten"}});
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                const rcb_http_response answer = services.answerTo({});
                return services.emit("user", test::view(answer.headers[0].value));
              }),
              AllOf(HasSubstr("code=answer-invalid"), HasSubstr("sts.test")));
}

// --- limit ---

TEST_F(Http, KeepsToTheLimitOfTheRequestAndTheRun) {
  struct Case {
    std::uint32_t timeout;
    int left;
  };
  for (const Case& given :
       {Case{0, 10'000}, Case{1, 1}, Case{1'500, 1'500}, Case{9'999'999, 10'000}, Case{UINT32_MAX, 10'000}}) {
    call().script.answer(200, "");
    credentialOf([given](Services services, const rcb_request&) {
      rcb_http_request wanted{};
      wanted.timeout_ms = given.timeout;
      EXPECT_EQ(services.http(wanted), RCB_OK);
      return services.emit("user", "password");
    });
    EXPECT_EQ(call().requests().back().timeout.count(), given.left) << given.timeout;
  }
}

TEST_F(Http, NamesHostAndLimitOfARequestThatExceededIt) {
  module_.settings = {settingNamed("url")};
  module_.settings[0].type = RCB_SETTING_URL;
  call().with("url", "https://sts.test:8443/");
  // An address that did not answer in time is a failure to connect, too.
  for (const ErrorCode code : {ErrorCode::kDeadline, ErrorCode::kConnectFailed}) {
    call().failLate(Error(code, "waiting for sts.test timed out").with("attempts", "2").advise("raise the deadline"));
    EXPECT_THAT(
        failureOf([](Services services, const rcb_request&) {
          rcb_http_request wanted{};
          wanted.url = text("https://sts.test:8443/token");
          wanted.timeout_ms = 20;
          const rcb_status got = services.http(wanted);
          EXPECT_EQ(got, RCB_UNAVAILABLE);
          return got;
        }),
        testing::StrEq("the request to sts.test:8443 exceeded the provider's limit of 20 ms: waiting for sts.test "
                       "timed out (code=deadline, attempts=2); check that the node can reach sts.test:8443 and "
                       "that it answers in time"));
  }
}

TEST_F(Http, DoesNotBlameTheLimitForAnotherFailure) {
  const auto failureWith = [&](std::uint32_t timeout) {
    return failureOf([timeout](Services services, const rcb_request&) {
      rcb_http_request wanted{};
      wanted.timeout_ms = timeout;
      return services.http(wanted);
    });
  };
  call().script.fail(Error(ErrorCode::kConnectFailed, "connection refused"));
  EXPECT_THAT(failureWith(5'000), StartsWith("connection refused (code=connect-failed"));
  // However late it was found.
  for (const auto& [code, slug] :
       {std::pair(ErrorCode::kAnswerInvalid, "answer-invalid"), std::pair(ErrorCode::kTlsFailed, "tls-failed"),
        std::pair(ErrorCode::kDnsFailed, "dns-failed")}) {
    call().failLate(Error(code, "as the network says"));
    EXPECT_THAT(failureWith(1), StartsWith(std::string("as the network says (code=") + slug));
  }
  call().script.deadline = std::chrono::milliseconds(10);
  call().failLate(Error(ErrorCode::kDeadline, "timed out"));
  EXPECT_THAT(failureWith(60'000), StartsWith("timed out (code=deadline"));
}

TEST_F(Http, LetsAModuleTryAnotherHostAfterALimit) {
  call().failLate(Error(ErrorCode::kDeadline, "timed out"));
  call().script.answer(200, "");
  credentialOf([](Services services, const rcb_request&) {
    rcb_http_request wanted{};
    wanted.timeout_ms = 5;
    EXPECT_EQ(services.http(wanted), RCB_UNAVAILABLE);
    EXPECT_EQ(services.http({}), RCB_OK);
    return services.emit("user", "password");
  });
  EXPECT_EQ(call().requests().back().timeout.count(), 9'995);
}

// --- URLs ---

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
  EXPECT_THAT(call().requests(), IsEmpty());
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
  EXPECT_THAT(call().requests(), IsEmpty());
}

// A registry's realm, a redirect that the module follows by itself, and the like.
TEST_F(Http, BlamesTheServerForAUrlThatLeadsElsewhere) {
  call().script.answer(200, R"({"realm":"https://evil.test/token"})");
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
  EXPECT_EQ(call().requests().size(), 1u);
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
    call().script.answer(status, R"({"detail":"the server's words"})");
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
  call().script.answer(401, R"({"error":"cannot accept )" + *call().script.token + "\"}");
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
    call().script.fail(Error(code, "as the network says").with("attempts", "3"));
    const rcb_status wanted = expected;
    module([wanted](Services services, const rcb_request&) {
      const rcb_status got = services.http({});
      EXPECT_EQ(got, wanted);
      return got;
    });
    EXPECT_THAT([&] { call().provide(); }, throwsError(code, "attempts=3"));
  }
}

TEST_F(Http, RefusesAMalformedCall) {
  const auto refused = [this](auto change, const std::string& why) {
    rcb_http_request wanted{};
    wanted.size = sizeof wanted;
    wanted.url = text("https://sts.test/token");
    change(wanted);
    EXPECT_THAT(failureOf([wanted](Services services, const rcb_request&) { return services.http(wanted); }),
                StartsWith("the provider module stub called http with " + why + " (code=module-misbehaved)"));
  };
  const std::string tooSmall = " bytes, below the 112 of version 1.0";
  refused([](auto& wanted) { wanted.size = offsetof(rcb_http_request, timeout_ms) + 3; },
          "a request of 111" + tooSmall);
  refused([](auto& wanted) { wanted.size = offsetof(rcb_http_request, flags); }, "a request of 104" + tooSmall);
  refused([](auto& wanted) { wanted.size = 1; }, "a request of 1" + tooSmall);
  static constexpr rcb_field kField{};
  refused(
      [](auto& wanted) {
        wanted.headers = &kField;
        wanted.header_count = 65;
      },
      "65 headers, above the limit of 64");
  refused(
      [](auto& wanted) {
        wanted.fields = &kField;
        wanted.field_count = SIZE_MAX;
      },
      "18446744073709551615 fields, above the limit of 64");
  refused([](auto& wanted) { wanted.url.size = SIZE_MAX; },
          "url of 18446744073709551615 bytes, above the limit of 16777216");
  refused(
      [](auto& wanted) {
        wanted.content = {"x", (std::size_t{16} << 20) + 1};
      },
      "content of 16777217 bytes, above the limit of 16777216");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_http_request wanted{};
                wanted.body = RCB_BODY_RAW + 1;
                return services.http(wanted);
              }),
              HasSubstr("of a body, which is not in version 1.0 of the module contract"));
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_http_response response{};
                return services.host.http(services.host.context, nullptr, &response);
              }),
              StartsWith("the provider module stub called http with a null pointer for request "));
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                const rcb_http_request wanted{};
                return services.host.http(services.host.context, &wanted, nullptr);
              }),
              StartsWith("the provider module stub called http with a null pointer for response "));
  EXPECT_THAT(call().requests(), IsEmpty());
}

TEST_F(Http, RefusesNullPointersWithASizeAndNamesThem) {
  using Change = void (*)(rcb_http_request&);
  static constexpr rcb_text kNull{nullptr, 3};
  static constexpr rcb_field kNullName[] = {{{"a", 1}, {"b", 1}}, {kNull, {"b", 1}}};
  static constexpr rcb_field kNullValue[] = {{{"a", 1}, {"b", 1}}, {{"a", 1}, kNull}};
  const std::pair<const char*, Change> cases[] = {
      {"method", [](rcb_http_request& wanted) { wanted.method = kNull; }},
      {"method",
       [](rcb_http_request& wanted) {
         wanted.method = {nullptr, SIZE_MAX};
       }},
      {"url", [](rcb_http_request& wanted) { wanted.url = kNull; }},
      {"headers", [](rcb_http_request& wanted) { wanted.header_count = 1; }},
      {"headers", [](rcb_http_request& wanted) { wanted.header_count = 64; }},
      {"headers",
       [](rcb_http_request& wanted) {
         wanted.headers = kNullName;
         wanted.header_count = 2;
       }},
      {"headers",
       [](rcb_http_request& wanted) {
         wanted.headers = kNullValue;
         wanted.header_count = 2;
       }},
      {"fields", [](rcb_http_request& wanted) { wanted.field_count = 1; }},
      {"fields",
       [](rcb_http_request& wanted) {
         wanted.fields = kNullName;
         wanted.field_count = 2;
       }},
      {"fields",
       [](rcb_http_request& wanted) {
         wanted.fields = kNullValue;
         wanted.field_count = 2;
       }},
      {"content_type", [](rcb_http_request& wanted) { wanted.content_type = kNull; }},
      {"content", [](rcb_http_request& wanted) { wanted.content = kNull; }},
  };
  for (const auto& [member, change] : cases) {
    for (std::uint32_t body = RCB_BODY_NONE; body <= RCB_BODY_RAW; ++body) {
      const Change given = change;
      const std::string line = failureOf([given, body](Services services, const rcb_request&) {
        rcb_http_request wanted{};
        wanted.body = body;
        given(wanted);
        EXPECT_EQ(services.http(wanted), RCB_INTERNAL);
        return services.emit("user", "password");
      });
      EXPECT_THAT(line, AllOf(StartsWith("the provider module stub called http with a null pointer "),
                              HasSubstr(std::string(member) + ", whose "), HasSubstr(" (code=module-misbehaved)")));
      EXPECT_EQ(line.find('\n'), std::string::npos);
    }
  }
  EXPECT_THAT(call().requests(), IsEmpty());
}

TEST_F(Http, AcceptsNullPointersWithoutASize) {
  call().script.answer(200, "");
  credentialOf([](Services services, const rcb_request&) {
    const rcb_field empty[] = {{text("X-Empty"), {nullptr, 0}}};
    rcb_http_request wanted{};
    wanted.headers = empty;
    wanted.header_count = 1;
    wanted.body = RCB_BODY_RAW;
    EXPECT_EQ(services.http(wanted), RCB_OK);
    return services.emit("user", "password");
  });
  EXPECT_THAT(call().requests().at(0).headers, ElementsAre(Pair("X-Empty", "")));
}

}  // namespace
}  // namespace rcb
