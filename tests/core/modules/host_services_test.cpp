// The services as a module sees them, through the C table, and what becomes of a call that went wrong.

#include "core/modules/host_services.hpp"

#include "tests/core/modules/provider_call.hpp"
#include "tests/core/modules/stub_module.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rcb {
namespace {

using test::jwt;
using test::kNow;
using test::ProviderCall;
using test::settingNamed;
using test::StubModule;
using test::text;
using test::throwsError;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

// The services, called as C code calls them.
struct Services {
  const rcb_host& host;

  rcb_status http(rcb_http_request request, rcb_text* body = nullptr) const {
    if (request.size == 0) request.size = sizeof request;
    if (request.method.size == 0) request.method = text("POST");
    if (request.url.size == 0) request.url = text("https://sts.test/token");
    rcb_http_response response{};
    response.size = sizeof response;
    const rcb_status status = host.http(host.context, &request, &response);
    if (status == RCB_OK) {
      EXPECT_GE(response.status, 200);
      EXPECT_LE(response.status, 299);
    }
    if (body != nullptr) *body = response.body;
    return status;
  }
  std::optional<std::string> json(std::string_view document, std::string_view pointer) const {
    rcb_text value{};
    const rcb_status status = host.json_text(host.context, text(document), text(pointer), &value);
    if (status == RCB_OK) return std::string(test::view(value));
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  std::optional<std::int64_t> integer(std::string_view document, std::string_view pointer) const {
    std::int64_t value = 0;
    const rcb_status status = host.json_integer(host.context, text(document), text(pointer), &value);
    if (status == RCB_OK) return value;
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  // Of a document that is none.
  rcb_status parse(std::string_view document) const {
    rcb_text value{};
    return host.json_text(host.context, text(document), text("/a"), &value);
  }
  std::optional<std::string> base64(std::string_view encoded) const {
    rcb_text bytes{};
    const rcb_status status = host.base64(host.context, text(encoded), &bytes);
    if (status == RCB_OK) return std::string(test::view(bytes));
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  rcb_status readFile(std::string_view path, rcb_text* content) const {
    return host.read_file(host.context, text(path), content);
  }
  rcb_status emit(std::string_view username, std::string_view password,
                  std::int64_t expiresAt = RCB_EXPIRES_UNKNOWN) const {
    const rcb_credential credential{sizeof credential, text(username), text(password), expiresAt};
    return host.emit(host.context, &credential);
  }
  rcb_status fail(rcb_status status, std::string_view reason, std::string_view advice = "") const {
    host.fail(host.context, text(reason), text(advice));
    return status;
  }
};

class HostServicesTest : public testing::Test {
 protected:
  // From now on the module does this.
  template <class Behaviour>
  void module(Behaviour behaviour) {
    module_.behaviour = [behaviour](const rcb_host& host, const rcb_request& request) {
      return behaviour(Services{host}, request);
    };
  }
  ProviderCall& call() {
    if (!call_) {
      provider_.emplace(module_.open());
      call_.emplace(*provider_);
    }
    return *call_;
  }
  // The failure line of a module that does this.
  template <class Behaviour>
  std::string failureOf(Behaviour behaviour) {
    module(behaviour);
    return call().failure();
  }
  template <class Behaviour>
  IssuedCredential credentialOf(Behaviour behaviour) {
    module(behaviour);
    return call().make();
  }

  StubModule module_;

 private:
  std::optional<ModuleProvider> provider_;
  std::optional<ProviderCall> call_;
};

using Http = HostServicesTest;
using JsonText = HostServicesTest;
using Base64 = HostServicesTest;
using Emit = HostServicesTest;
using Fail = HostServicesTest;
using ModuleLog = HostServicesTest;
using Conclusion = HostServicesTest;

// --- http ---

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
    std::uint32_t size;
    bool repeatable;
  };
  const std::uint32_t whole = sizeof(rcb_http_request);
  const std::uint32_t withoutFlags = offsetof(rcb_http_request, flags);
  const Case cases[] = {{0, whole, false},
                        {RCB_HTTP_REPEATABLE, whole, true},
                        {RCB_HTTP_REPEATABLE | 1u << 31, whole, true},
                        {1u << 17, whole, false},
                        // Of a module that was built before there were flags, the bytes behind its struct mean nothing.
                        {RCB_HTTP_REPEATABLE, withoutFlags, false},
                        {1, withoutFlags, false}};
  for (const Case& given : cases) {
    call().http.willAnswer(200, "");
    credentialOf([given](Services services, const rcb_request&) {
      rcb_http_request wanted{};
      wanted.size = given.size;
      wanted.flags = given.flags;
      EXPECT_EQ(services.http(wanted), RCB_OK);
      return services.emit("user", "password");
    });
    EXPECT_EQ(call().http.sent.back().repeatable, given.repeatable) << given.flags << " of " << given.size;
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

// --- json_text ---

TEST_F(JsonText, FindsStrings) {
  credentialOf([](Services services, const rcb_request&) {
    const std::string document = R"({"a":"x","o":{"https://h/":["y"]},"e":"","s":"\ud83d\ude00"})";
    EXPECT_EQ(services.json(document, "/a"), "x");
    EXPECT_EQ(services.json(document, "/o/https:~1~1h~1/0"), "y");
    EXPECT_EQ(services.json(document, "/e"), "");
    EXPECT_EQ(services.json(document, "/s"), "\xf0\x9f\x98\x80");
    return services.emit("user", "password");
  });
}

TEST_F(JsonText, FindsNothingElse) {
  credentialOf([](Services services, const rcb_request&) {
    const std::string document =
        R"({"null":null,"true":true,"object":{},"array":["x"],"number":12345,"real":1.5,"huge":1e99})";
    for (const char* pointer : {"", "/", "a", "/none", "/null", "/true", "/object", "/array", "/array/1", "/array/-1",
                                "/number", "/real", "/huge"}) {
      EXPECT_EQ(services.json(document, pointer), std::nullopt) << pointer;
    }
    return services.emit("user", "password");
  });
}

TEST_F(JsonText, FindsIntegersForTheIntegerService) {
  credentialOf([](Services services, const rcb_request&) {
    const std::string document =
        R"({"n":3600,"z":-1,"most":9223372036854775807,"real":1.5,"huge":9223372036854775808,"text":"3600","e":[true]})";
    EXPECT_EQ(services.integer(document, "/n"), 3600);
    EXPECT_EQ(services.integer(document, "/z"), -1);
    EXPECT_EQ(services.integer(document, "/most"), INT64_MAX);
    for (const char* pointer : {"", "/none", "/real", "/huge", "/text", "/e", "/e/0"}) {
      EXPECT_EQ(services.integer(document, pointer), std::nullopt) << pointer;
    }
    return services.emit("user", "password");
  });
}

TEST_F(JsonText, TellsWhereAnAnswerStopsBeingJson) {
  for (const auto& [body, why] : {std::pair("", "expected a value at line 1, column 1"),
                                  std::pair("{\n \"a\" canary}", "expected ':' at line 2, column 6"),
                                  std::pair("\xff", "it is not valid UTF-8 at byte 1"),
                                  std::pair("{\"a\":1,\"a\":2}", "a member's name stands twice in one object")}) {
    call().http.willAnswer(200, body);
    EXPECT_EQ(failureOf([](Services services, const rcb_request&) {
                rcb_text answer{};
                services.http({}, &answer);
                const rcb_status status = services.parse(test::view(answer));
                EXPECT_EQ(status, RCB_BAD_ANSWER);
                return services.fail(status, "it contains no token", "");
              }),
              std::string("the answer from sts.test is not JSON: ") + why +
                  " (code=answer-invalid); check the host and the path in the rule's settings");
  }
}

TEST_F(JsonText, ForgetsABadDocumentThatAnotherWayMadeUpFor) {
  EXPECT_EQ(credentialOf([](Services services, const rcb_request&) {
              EXPECT_EQ(services.parse("opaque"), RCB_BAD_ANSWER);
              return services.emit("user", "opaque");
            }).password.reveal(),
            "opaque");
}

TEST_F(JsonText, SeesAChangedDocumentOfTheModulesOwn) {
  credentialOf([](Services services, const rcb_request&) {
    std::string document = R"({"a":"x"})";
    EXPECT_EQ(services.json(document, "/a"), "x");
    document[6] = 'y';
    EXPECT_EQ(services.json(document, "/a"), "y");
    return services.emit("user", "password");
  });
}

TEST_F(JsonText, ReadsOneAnswerAfterAnother) {
  call().http.willAnswer(200, R"({"a":"1"})");
  call().http.willAnswer(200, R"({"a":"2"})");
  credentialOf([](Services services, const rcb_request&) {
    rcb_text first{};
    rcb_text second{};
    EXPECT_EQ(services.http({}, &first), RCB_OK);
    EXPECT_EQ(services.json(test::view(first), "/a"), "1");
    EXPECT_EQ(services.http({}, &second), RCB_OK);
    EXPECT_EQ(services.json(test::view(second), "/a"), "2");
    EXPECT_EQ(services.json(test::view(first), "/a"), "1");
    return services.emit("user", "password");
  });
}

// --- base64 ---

TEST_F(Base64, DecodesEitherAlphabetPaddedOrNot) {
  credentialOf([](Services services, const rcb_request&) {
    EXPECT_EQ(services.base64("dXNlcjpwYXNz"), "user:pass");
    EXPECT_EQ(services.base64("dXNlcg=="), "user");
    EXPECT_EQ(services.base64("dXNlcg"), "user");
    EXPECT_EQ(services.base64("-_-_"), "\xfb\xff\xbf");
    EXPECT_EQ(services.base64("+/+/"), "\xfb\xff\xbf");
    EXPECT_EQ(services.base64(""), "");
    EXPECT_EQ(services.base64("dXNl\ncg==\n"), "user");
    EXPECT_EQ(services.base64("-_-_\r\n"), "\xfb\xff\xbf");
    return services.emit("user", "password");
  });
}

TEST_F(Base64, RefusesEverythingElse) {
  credentialOf([](Services services, const rcb_request&) {
    for (const char* broken : {"dXNlc", "dXN lcg", "dXNl\t", "+/-_", "dX=Nl", "dXNlcg=", "\xc3\xa4"}) {
      EXPECT_EQ(services.base64(broken), std::nullopt) << broken;
    }
    return services.emit("user", "password");
  });
}

// --- read_file ---

class ReadFileTest : public HostServicesTest {
 protected:
  ReadFileTest() {
    module_.settings = {settingNamed("secretFile"), settingNamed("name")};
    module_.settings[0].type = RCB_SETTING_FILE;
  }
  test::TempFolder folder_;
};

TEST_F(ReadFileTest, ReadsTheFileThatASettingNames) {
  const std::string path = folder_.write("secret", "content\n", 0600);
  call().with("secretFile", path);
  credentialOf([path](Services services, const rcb_request&) {
    rcb_text content{};
    EXPECT_EQ(services.readFile(path, &content), RCB_OK);
    EXPECT_EQ(test::view(content), "content\n");
    return services.emit("user", "password");
  });
}

TEST_F(ReadFileTest, RefusesAFileThatNoFileSettingNames) {
  const std::string path = folder_.write("secret", "content", 0600);
  call().with("secretFile", path + "-else").with("name", path);
  EXPECT_THAT(failureOf([path](Services services, const rcb_request&) {
                rcb_text content{};
                const rcb_status status = services.readFile(path, &content);
                EXPECT_EQ(content.size, 0u);
                return status;
              }),
              HasSubstr("tried to read a file that no file setting names"));
}

TEST_F(ReadFileTest, RefusesAFileThatOthersMayWrite) {
  const std::string path = folder_.write("secret", "content", 0666);
  call().with("secretFile", path);
  EXPECT_THAT(failureOf([path](Services services, const rcb_request&) {
                rcb_text content{};
                EXPECT_EQ(services.readFile(path, &content), RCB_BAD_SETTINGS);
                return rcb_status{RCB_BAD_SETTINGS};
              }),
              HasSubstr("code=file-untrusted"));
}

TEST_F(ReadFileTest, KeepsWhatItReadOutOfTheModulesReason) {
  const std::string path = folder_.write("secret", "hunter2\n", 0600);
  call().with("secretFile", path);
  EXPECT_THAT(failureOf([path](Services services, const rcb_request&) {
                rcb_text content{};
                services.readFile(path, &content);
                return services.fail(RCB_BAD_SETTINGS, "the password hunter2 is weak", "change hunter2");
              }),
              AllOf(HasSubstr("withheld"), Not(HasSubstr("hunter2"))));
}

TEST_F(ReadFileTest, TellsTheTokensOfADocumentFromItsOtherWords) {
  const std::string path =
      folder_.write("secret", "\n{\"user\": \"puller of team\", \"key\": \"0123456789-0123456789\"}", 0600);
  call().with("secretFile", path);
  const auto failingWith = [this, path](std::string_view reason) {
    return failureOf([path, reason](Services services, const rcb_request&) {
      rcb_text content{};
      services.readFile(path, &content);
      return services.fail(RCB_BAD_SETTINGS, reason);
    });
  };
  EXPECT_THAT(failingWith("there is \"user\": \"puller of team\" in it"), HasSubstr("puller of team"));
  EXPECT_THAT(failingWith("there is 0123456789-0123456789 in it"), HasSubstr("withheld"));
}

TEST_F(ReadFileTest, IsBlamedForWhatItHolds) {
  using namespace std::string_literals;
  const std::pair<std::string, const char*> files[] = {
      {"\xff\xfeh\0i\0"s, "is UTF-16, not UTF-8 (code=settings-invalid); save it as UTF-8 without a byte order mark"},
      {"pass\xe4wort"s, "is not valid UTF-8 at byte 5 (code=settings-invalid); save it as UTF-8"},
      {"\xef\xbb\xbfhunter2"s, "begins with a UTF-8 byte order mark (code=settings-invalid); save it as UTF-8"},
      {"hunter\0002"s, "holds a NUL byte at byte 7 (code=settings-invalid)"},
      {""s, "is empty (code=settings-invalid); write the value into it"},
      {" \t\n"s, "contains only whitespace (code=settings-invalid); write the value into it"},
      {"hunter2\n"s, "begins or ends with a line break (code=settings-invalid); write it without one"},
      {std::string(70'000, 'x'), "is 70000 bytes long, above the limit of 65536 (code=settings-invalid); check"},
  };
  for (const auto& [bytes, why] : files) {
    const std::string path = folder_.write("secret", bytes, 0600);
    call().with("secretFile", path);
    EXPECT_THAT(failureOf([path](Services services, const rcb_request&) {
                  rcb_text content{};
                  services.readFile(path, &content);
                  const rcb_status status = services.emit("user", test::view(content));
                  EXPECT_EQ(status, RCB_BAD_SETTINGS);
                  return status;
                }),
                StartsWith("the password in the file " + path + " " + why));
  }
}

TEST_F(ReadFileTest, IsBlamedForAFieldThatIsNotUtf8) {
  const std::string path = folder_.write("secret", "\xff-secret", 0600);
  call().with("secretFile", path);
  EXPECT_THAT(
      failureOf([path](Services services, const rcb_request&) {
        rcb_text content{};
        services.readFile(path, &content);
        const rcb_field fields[] = {{text("key"), content}};
        rcb_http_request wanted{};
        wanted.body = RCB_BODY_JSON;
        wanted.fields = fields;
        wanted.field_count = 1;
        return services.http(wanted);
      }),
      AllOf(StartsWith("the field key in the file " + path + " is not valid UTF-8 at byte 1 (code=settings-inv"),
            Not(HasSubstr("secret\""))));
}

TEST_F(ReadFileTest, IsBlamedForAHeaderThatIsRefused) {
  const std::string path = folder_.write("secret", "two\nlines", 0600);
  call().with("secretFile", path);
  call().http.willThrow(Error(ErrorCode::kModuleMisbehaved, "the value of header 1 is not valid"));
  EXPECT_THAT(
      failureOf([path](Services services, const rcb_request&) {
        rcb_text content{};
        services.readFile(path, &content);
        const rcb_field headers[] = {{text("Authorization"), content}};
        rcb_http_request wanted{};
        wanted.headers = headers;
        wanted.header_count = 1;
        return services.http(wanted);
      }),
      StartsWith("the header in the file " + path + " is invalid, or one that only the broker may set (code=set"));
}

TEST_F(ReadFileTest, TellsWhereItStopsBeingJsonAndQuotesNothing) {
  const std::string path = folder_.write("secret", "{\"auths\": {\n  \"canary\" \"hunter2\"}}", 0600);
  call().with("secretFile", path);
  EXPECT_EQ(failureOf([path](Services services, const rcb_request&) {
              rcb_text content{};
              services.readFile(path, &content);
              const rcb_status status = services.parse(test::view(content));
              EXPECT_EQ(status, RCB_BAD_SETTINGS);
              return status;
            }),
            "the file " + path +
                " is not JSON: expected ':' at line 2, column 12 (code=settings-invalid); write it as JSON, in UTF-8 "
                "without a byte order mark");
}

TEST_F(ReadFileTest, LetsTheLastMemberOfANameCount) {
  const std::string path = folder_.write("secret", R"({"a":"1","a":"2"})", 0600);
  call().with("secretFile", path);
  credentialOf([path](Services services, const rcb_request&) {
    rcb_text content{};
    services.readFile(path, &content);
    EXPECT_EQ(services.json(test::view(content), "/a"), "2");
    return services.emit("user", "password");
  });
}

TEST_F(ReadFileTest, IsNamedBesideTheModulesReason) {
  const std::string path = folder_.write("secret", "{}", 0600);
  call().with("secretFile", path);
  EXPECT_EQ(failureOf([path](Services services, const rcb_request&) {
              rcb_text content{};
              services.readFile(path, &content);
              return services.fail(RCB_BAD_SETTINGS, "it has no entry");
            }),
            "it has no entry (code=settings-invalid, file=" + path + ")");
}

TEST_F(ReadFileTest, DoesNotWithholdAReasonForAWordOfTheFile) {
  const std::string path = folder_.write("secret", "user\npull\n", 0600);
  call().with("secretFile", path);
  EXPECT_THAT(failureOf([path](Services services, const rcb_request&) {
                rcb_text content{};
                services.readFile(path, &content);
                return services.fail(RCB_BAD_SETTINGS, "the user name that is to pull has two lines");
              }),
              StartsWith("the user name that is to pull has two lines (code=settings-invalid"));
}

// --- emit ---

TEST_F(Emit, HandsOverACredential) {
  const IssuedCredential credential = credentialOf(
      [](Services services, const rcb_request&) { return services.emit("us er", "p\xc3\xa4ss: word", 1'800'000'100); });
  EXPECT_EQ(credential.username, "us er");
  EXPECT_EQ(credential.password.reveal(), "p\xc3\xa4ss: word");
  EXPECT_EQ(credential.expiry.kind, Expiry::Kind::kAt);
  EXPECT_EQ(credential.expiry.at, kNow + std::chrono::seconds(100));
}

TEST_F(Emit, RefusesACredentialThatNoRegistryTakes) {
  const std::string huge(64 * 1024 + 1, 'x');
  const std::tuple<std::string, std::string, const char*> cases[] = {
      {"", "password", "the user name is empty"},
      {"user", "", "the password is empty"},
      {"user", " \n", "the password contains only whitespace"},
      {"us:er", "password", "the user name contains a ':'"},
      {"us\ner", "password", "the user name has more than one line"},
      {"user\x1b", "password", "the user name contains a control character at byte 5"},
      {"user", std::string("pass\0word", 9), "the password holds a NUL byte at byte 5"},
      {"us\xff", "password", "the user name is not valid UTF-8 at byte 3"},
      {"user", "pass\xc3", "the password is not valid UTF-8 at byte 5"},
      {"user", "pass\n", "the password begins or ends with a line break"},
      {huge, "password", "the user name is 65537 bytes long, above the limit of 65536"},
      {"user", huge, "the password is 65537 bytes long, above the limit of 65536"},
  };
  for (const auto& [username, password, why] : cases) {
    const std::string line = failureOf([&u = username, &p = password](Services services, const rcb_request&) {
      EXPECT_EQ(services.emit(u, p), RCB_INTERNAL);
      return rcb_status{RCB_OK};
    });
    EXPECT_THAT(line, AllOf(HasSubstr("the provider module stub returned an unusable value: "), HasSubstr(why),
                            HasSubstr("code=module-misbehaved")));
  }
}

TEST_F(Emit, TakesPasswordsOfSeveralLines) {
  for (const char* password : {"{\n\t\"private_key\": \"x\"\n}\n", "a\nb", "\na\r\nb\r\n", "pass\x1b\x7fword"}) {
    EXPECT_EQ(credentialOf([&](Services services, const rcb_request&) {
                return services.emit("_json_key", password);
              }).password.reveal(),
              password);
  }
}

// What a server has answered is the server's fault, however the module hands it over.
TEST_F(Emit, BlamesTheServerForWhatItAnswered) {
  const std::pair<const char*, const char*> answers[] = {
      {R"({"u":"us:er","p":"x"})", "the user name in the answer from sts.test contains a ':'"},
      {R"({"u":"","p":"x"})", "the user name in the answer from sts.test is empty"},
      {R"({"u":"user","p":""})", "the password in the answer from sts.test is empty"},
      {R"({"u":"user","p":"two\nlines"})",
       "the password in the answer from sts.test contains a control character at byte 4"},
      {R"({"u":"user","p":"\u001b[31m"})",
       "the password in the answer from sts.test contains a control character at byte 1"},
      {R"({"u":"us\ner","p":"x"})", "the user name in the answer from sts.test has more than one line"},
  };
  for (const auto& [body, why] : answers) {
    for (const bool copies : {false, true}) {
      call().http.willAnswer(200, body);
      const std::string line = failureOf([copies](Services services, const rcb_request&) {
        rcb_text answer{};
        services.http({}, &answer);
        rcb_text username{};
        rcb_text password{};
        services.host.json_text(services.host.context, answer, text("/u"), &username);
        services.host.json_text(services.host.context, answer, text("/p"), &password);
        const std::string copiedName(test::view(username));
        const std::string copiedPassword(test::view(password));
        const rcb_status status = copies ? services.emit(copiedName, copiedPassword)
                                         : services.emit(test::view(username), test::view(password));
        EXPECT_EQ(status, RCB_BAD_ANSWER);
        return status;
      });
      EXPECT_THAT(line, AllOf(StartsWith(why), HasSubstr("(code=answer-invalid); check the host and the path")));
    }
  }
}

TEST_F(Emit, BlamesTheServerForATokenOf70000Bytes) {
  call().http.willAnswer(200, R"({"a":")" + std::string(70'000, 'x') + "\"}");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_text answer{};
                services.http({}, &answer);
                rcb_text password{};
                services.host.json_text(services.host.context, answer, text("/a"), &password);
                return services.emit("token", test::view(password));
              }),
              StartsWith("the password in the answer from sts.test is 70000 bytes long, above the limit of 65536 "
                         "(code=answer-invalid)"));
}

TEST_F(Emit, BlamesTheServerThatAnswersWithThePodsToken) {
  call().http.willAnswer(200, R"({"a":")" + call().token + "\"}");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_text answer{};
                services.http({}, &answer);
                rcb_text password{};
                services.host.json_text(services.host.context, answer, text("/a"), &password);
                return services.emit("token", test::view(password));
              }),
              StartsWith("the password in the answer from sts.test is the pod's own token (code=answer-invalid)"));
}

TEST_F(Emit, BlamesTheServerForAnExpiryThatIsNoTime) {
  call().http.willAnswer(200, R"({"expires_in":99999999999999})");
  EXPECT_THAT(
      failureOf([](Services services, const rcb_request&) {
        rcb_text answer{};
        services.http({}, &answer);
        const auto life = services.integer(test::view(answer), "/expires_in");
        return services.emit("token", "opaque", 1'800'000'000 + life.value_or(0));
      }),
      StartsWith("the expiry in the answer from sts.test is not a valid Unix time in seconds (code=answer-invalid)"));
}

TEST_F(Emit, BlamesTheSettingThatTheTextStandsIn) {
  module_.settings = {settingNamed("account")};
  call().with("account", "us:er");
  EXPECT_THAT(failureOf([](Services services, const rcb_request& request) {
                return services.emit(test::view(request.settings[0].value), "password");
              }),
              StartsWith("the user name in the setting account contains a ':'"));
}

TEST_F(Emit, IsNotTheModulesFaultIfItIgnoresTheStatus) {
  call().http.willAnswer(200, R"({"a":"us:er"})");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_text answer{};
                services.http({}, &answer);
                services.emit(services.json(test::view(answer), "/a").value_or(""), "password");
                return rcb_status{RCB_OK};
              }),
              HasSubstr("code=answer-invalid"));
}

TEST_F(Emit, TakesAPasswordOf64KiB) {
  const std::string large(64 * 1024, 'x');
  EXPECT_EQ(
      credentialOf([&](Services services, const rcb_request&) { return services.emit("user", large); }).password.size(),
      large.size());
}

TEST_F(Emit, RefusesASecondCredential) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                services.emit("user", "first");
                return services.emit("user", "second");
              }),
              HasSubstr("emitted a second credential"));
}

TEST_F(Emit, RefusesAStructThatIsTooSmall) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                const rcb_credential credential{sizeof credential - 8, text("user"), text("password"), 0};
                return services.host.emit(services.host.context, &credential);
              }),
              HasSubstr("emitted an invalid credential"));
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                return services.host.emit(services.host.context, nullptr);
              }),
              HasSubstr("emitted an invalid credential"));
}

TEST_F(Emit, ReadsTheExpiryInEveryNotation) {
  const std::string password = jwt(kNow + std::chrono::minutes(90), "issued");
  const auto expiryOf = [&](std::int64_t expiresAt) {
    return credentialOf(
               [&](Services services, const rcb_request&) { return services.emit("user", password, expiresAt); })
        .expiry;
  };
  EXPECT_EQ(expiryOf(RCB_EXPIRES_UNKNOWN).kind, Expiry::Kind::kUnknown);
  EXPECT_EQ(expiryOf(RCB_EXPIRES_FROM_JWT).kind, Expiry::Kind::kAt);
  EXPECT_EQ(expiryOf(RCB_EXPIRES_FROM_JWT).at, kNow + std::chrono::minutes(90));
  EXPECT_EQ(expiryOf(1).at, UnixTime(std::chrono::seconds(1)));
}

TEST_F(Emit, TakesAnOpaquePasswordForALongLivedOneIfTheModuleSaysSo) {
  EXPECT_EQ(credentialOf([](Services services, const rcb_request&) {
              return services.emit("user", "opaque", RCB_EXPIRES_NEVER);
            }).expiry.kind,
            Expiry::Kind::kNever);
}

// --- lifetimes: what the kubelet may keep never outlives the credential ---

const auto kLifetimes = {30, 60, 61, 90, 300, 600, 3600, 5400, 43200, 86400};  // seconds

// Calls `check` for the clocks of nodes that are up to twelve hours behind (negative) or ahead.
template <class Check>
void forEachSkew(Check check) {
  for (std::chrono::minutes skew = -std::chrono::hours(12); skew <= std::chrono::hours(12);
       skew += std::chrono::minutes(20)) {
    check(std::chrono::seconds(skew));
  }
}

class LifetimeTest : public HostServicesTest {
 protected:
  // How long the answer is kept on a node whose clock is off by that much, when a module emits this after an exchange, of which `date` says when
  // it was answered.
  std::chrono::seconds kept(std::chrono::seconds skew, const std::string& password,
                            const std::function<std::int64_t(const rcb_host&)>& expiresAt,
                            const std::string& date = "") {
    call().clock = kNow + skew;
    call().http.willAnswer(200, "{}", {{"Content-Type", "application/json"}, {"date", date}});
    const Expiry expiry = credentialOf([&](Services services, const rcb_request&) {
                            services.http({});
                            return services.emit("user", password, expiresAt(services.host));
                          }).expiry;
    return cacheDuration(expiry, kNow + skew, std::chrono::hours(24));
  }
  // What is kept of a lifetime of that many seconds on a node whose clock is right.
  static std::chrono::seconds keptOnTime(int lifetime) {
    return cacheDuration({.kind = Expiry::Kind::kAt, .at = kNow + std::chrono::seconds(lifetime)}, kNow,
                         std::chrono::hours(24));
  }

  const std::string date_ = "Fri, 15 Jan 2027 08:00:00 GMT";  // kNow
};

TEST_F(LifetimeTest, OfAJwtIsThatOfItsClaimsOnASlowClock) {
  for (const std::int64_t stated : {RCB_EXPIRES_FROM_JWT, RCB_EXPIRES_NEVER}) {
    for (const int lifetime : kLifetimes) {
      const std::string issued = jwt(kNow + std::chrono::seconds(lifetime), "issued", kNow);
      forEachSkew([&](std::chrono::seconds skew) {
        const auto found = kept(skew, issued, [stated](const rcb_host&) { return stated; });
        if (skew.count() <= 0) {
          ASSERT_EQ(found, keptOnTime(lifetime)) << skew.count() << " " << lifetime;
        } else {
          ASSERT_LE(found, std::max(std::chrono::seconds(0), std::chrono::seconds(lifetime) - skew)) << skew.count();
        }
      });
    }
  }
}

TEST_F(LifetimeTest, InSecondsDoesNotDependOnTheNodesClock) {
  for (const int lifetime : kLifetimes) {
    const auto relative = [lifetime](const rcb_host& host) { return host.now(host.context) + lifetime; };
    forEachSkew([&](std::chrono::seconds skew) {
      for (const std::string& date : {std::string(), date_}) {
        ASSERT_EQ(kept(skew, "opaque", relative, date), keptOnTime(lifetime))
            << skew.count() << " " << lifetime << date;
      }
    });
  }
}

TEST_F(LifetimeTest, StatedTwiceIsTheShorterOne) {
  const auto relative = [](const rcb_host& host) { return host.now(host.context) + 600; };
  forEachSkew([&](std::chrono::seconds skew) {
    const auto longer = kept(skew, jwt(kNow + std::chrono::hours(2), "issued", kNow), relative);
    ASSERT_LE(longer, keptOnTime(600)) << skew.count();
    const auto shorter = kept(skew, jwt(kNow + std::chrono::minutes(5), "issued", kNow), relative);
    ASSERT_LE(shorter, keptOnTime(300)) << skew.count();
    if (skew.count() <= 0) {
      ASSERT_EQ(longer, keptOnTime(600)) << skew.count();
      ASSERT_EQ(shorter, keptOnTime(300)) << skew.count();
    }
  });
}

// AWS and others state a moment and nothing else; a JWT may lack `iat`, or have been issued long before it is handed out.
TEST_F(LifetimeTest, OfAnAbsoluteExpiryIsBoundedByTheServersDate) {
  for (const int lifetime : kLifetimes) {
    const UnixTime expiry = kNow + std::chrono::seconds(lifetime);
    forEachSkew([&](std::chrono::seconds skew) {
      const auto most = keptOnTime(lifetime);
      const auto absolute = [&](const rcb_host&) { return expiry.time_since_epoch().count(); };
      const auto fromJwt = [](const rcb_host&) { return RCB_EXPIRES_FROM_JWT; };
      ASSERT_LE(kept(skew, "opaque", absolute, date_), most) << skew.count();
      ASSERT_LE(kept(skew, jwt(expiry, "issued"), fromJwt, date_), most) << skew.count();
      ASSERT_LE(kept(skew, jwt(expiry, "issued", kNow - std::chrono::hours(6)), fromJwt, date_), most) << skew.count();
    });
  }
}

TEST_F(LifetimeTest, IsNotLengthenedNorSpoiltByAnyDate) {
  const auto relative = [](const rcb_host& host) { return host.now(host.context) + 3600; };
  const auto fromJwt = [](const rcb_host&) { return RCB_EXPIRES_FROM_JWT; };
  const std::string issued = jwt(kNow + std::chrono::hours(1), "issued", kNow);
  for (const std::string date :
       {"", "now", "1800000000", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:60 GMT",
        "Fri, 15 Jan 2027 08:00:00", "Fri, 32 Jan 2027 08:00:00 GMT", "1e308"}) {
    for (const int hours : {-1, 0, 1}) {
      const std::chrono::seconds skew = std::chrono::hours(hours);
      EXPECT_EQ(kept(skew, "opaque", relative, date), keptOnTime(3600)) << date;
      EXPECT_LE(kept(skew, issued, fromJwt, date), keptOnTime(3600)) << date;
    }
  }
  EXPECT_EQ(kept(std::chrono::seconds(0), issued, fromJwt, "Fri, 15 Jan 2027 08:30:00 GMT"), keptOnTime(1800));
  EXPECT_EQ(kept(std::chrono::seconds(0), issued, fromJwt, "Fri, 15 Jan 2027 09:30:00 GMT"), std::chrono::seconds(0));
}

TEST_F(Emit, KnowsNoExpiryOfAPasswordThatIsNoJwt) {
  EXPECT_EQ(credentialOf([](Services services, const rcb_request&) {
              return services.emit("user", "opaque", RCB_EXPIRES_FROM_JWT);
            }).expiry.kind,
            Expiry::Kind::kUnknown);
}

TEST_F(Emit, RefusesAnExpiryThatIsNotInSeconds) {
  for (const std::int64_t wrong : {std::int64_t{-2}, INT64_MIN, std::int64_t{1'800'000'000'000}, INT64_MAX - 1}) {
    EXPECT_THAT(
        failureOf([wrong](Services services, const rcb_request&) { return services.emit("user", "password", wrong); }),
        HasSubstr(
            "returned an unusable value: the expiry is not a valid Unix time in seconds (code=module-misbehaved)"))
        << wrong;
  }
}

class EmitTokenTest : public HostServicesTest {
 protected:
  EmitTokenTest() { module_.table.traits = RCB_TRAIT_RETURNS_TOKEN; }
  Expiry expiryFor(std::int64_t expiresAt) {
    return credentialOf([expiresAt](Services services, const rcb_request& request) {
             return services.emit("user", test::view(request.token), expiresAt);
           })
        .expiry;
  }
};

TEST_F(EmitTokenTest, EndsWithTheTokenWhateverTheModuleSays) {
  const UnixTime end = kNow + std::chrono::hours(1);
  for (const std::int64_t claimed :
       {RCB_EXPIRES_UNKNOWN, RCB_EXPIRES_NEVER, RCB_EXPIRES_FROM_JWT, std::int64_t{1'900'000'000}}) {
    const Expiry expiry = expiryFor(claimed);
    EXPECT_EQ(expiry.kind, Expiry::Kind::kAt) << claimed;
    EXPECT_EQ(expiry.at, end) << claimed;
  }
}

TEST_F(EmitTokenTest, EndsSoonerIfTheModuleSaysSo) {
  EXPECT_EQ(expiryFor(1'800'000'060).at, kNow + std::chrono::minutes(1));
}

TEST_F(EmitTokenTest, HasAnUnknownEndIfTheTokenHas) {
  call().withToken("eyJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJ0ZXN0In0.canary-of-the-pods-token");
  EXPECT_EQ(expiryFor(RCB_EXPIRES_NEVER).kind, Expiry::Kind::kUnknown);
}

TEST_F(Emit, RefusesTheTokenFromAModuleThatDidNotAnnounceIt) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request& request) {
                return services.emit("user", test::view(request.token));
              }),
              HasSubstr("emitted the pod's own token without declaring that it does"));
}

// --- fail ---

TEST_F(Fail, BecomesTheLineWithTheStatusesCode) {
  const std::pair<rcb_status, const char*> cases[] = {
      {RCB_REFUSED, "provider-refused"},      {RCB_UNAVAILABLE, "server-error"},   {RCB_BAD_ANSWER, "answer-invalid"},
      {RCB_BAD_SETTINGS, "settings-invalid"}, {RCB_EXPIRED, "credential-expired"}, {RCB_INTERNAL, "module-misbehaved"},
  };
  for (const auto& [status, slug] : cases) {
    const rcb_status returned = status;
    EXPECT_EQ(failureOf([returned](Services services, const rcb_request&) {
                return services.fail(returned, "it did not work", "try again");
              }),
              std::string("it did not work (code=") + slug + "); try again");
  }
}

TEST_F(Fail, IsReplacedByASentenceIfThereIsNone) {
  EXPECT_THAT(failureOf([](Services, const rcb_request&) { return rcb_status{RCB_REFUSED}; }),
              HasSubstr("the provider gave no reason for its failure (code=provider-refused)"));
}

TEST_F(Fail, IsMadePrintableAndShort) {
  const std::string line = failureOf([](Services services, const rcb_request&) {
    return services.fail(RCB_REFUSED, "two\nlines\x1b[0m" + std::string(1000, 'x'));
  });
  EXPECT_THAT(line, AllOf(HasSubstr("two?lines?[0mxxx"), HasSubstr("x... (code=")));
  EXPECT_LT(line.size(), 300u);
}

TEST_F(Fail, IsWithheldIfItSharesTheToken) {
  const std::string line = failureOf([](Services services, const rcb_request& request) {
    const std::string part(test::view(request.token).substr(20, 16));
    return services.fail(RCB_REFUSED, "rejected " + part, "do not use " + part);
  });
  EXPECT_EQ(line, "the provider's reason is withheld because it contains part of a secret (code=provider-refused)");
}

TEST_F(Fail, IsWithheldIfItQuotesACredentialFromAnAnswer) {
  call().http.willAnswer(200, R"({"token":"issued-0123456789-issued","error":"try another day"})");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_text body{};
                services.http({}, &body);
                return services.fail(RCB_BAD_ANSWER, std::string(test::view(body)));
              }),
              AllOf(HasSubstr("withheld"), Not(HasSubstr("issued"))));
}

TEST_F(Fail, MayQuoteTheServersOwnWordsFromAnAnswer) {
  call().http.willAnswer(200, R"({"error":"no provider accepts this issuer"})");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_text body{};
                services.http({}, &body);
                return services.fail(RCB_REFUSED, "refused: " + services.json(test::view(body), "/error").value_or(""));
              }),
              HasSubstr("refused: no provider accepts this issuer"));
}

TEST_F(Fail, IsWithheldIfItQuotesASecretSetting) {
  module_.settings = {settingNamed("apiKey")};
  module_.settings[0].flags = RCB_SETTING_SECRET;
  call().with("apiKey", "open-sesame");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                return services.fail(RCB_REFUSED, "the key open-sesame is wrong");
              }),
              AllOf(HasSubstr("withheld"), Not(HasSubstr("sesame"))));
}

TEST_F(Fail, AddsItsAdviceButNotItsReasonToAServicesFailure) {
  call().http.willThrow(Error(ErrorCode::kDnsFailed, "the host's own reason"));
  EXPECT_EQ(failureOf([](Services services, const rcb_request&) {
              return services.fail(services.http({}), "something went wrong", "check the setting url");
            }),
            "the host's own reason (code=dns-failed); check the setting url");
}

// --- log ---

TEST_F(ModuleLog, ShowsMessageAndFields) {
  credentialOf([](Services services, const rcb_request&) {
    const rcb_field fields[] = {{text("organization"), text("acme")}};
    services.host.log(services.host.context, RCB_LOG_INFO, text("trading"), fields, 1);
    return services.emit("user", "password");
  });
  EXPECT_THAT(call().logged,
              ElementsAre(AllOf(HasSubstr("level=info"), HasSubstr("trading"), HasSubstr("organization=\"acme\""))));
}

TEST_F(ModuleLog, WithholdsWhatSharesASecret) {
  credentialOf([](Services services, const rcb_request& request) {
    const rcb_field fields[] = {{text("token"), request.token}};
    services.host.log(services.host.context, RCB_LOG_WARN, request.token, fields, 1);
    return services.emit("user", "password");
  });
  EXPECT_THAT(call().logged,
              ElementsAre(AllOf(HasSubstr("message=\"(withheld)\""), HasSubstr("token=\"(withheld)\""))));
}

TEST_F(ModuleLog, TakesAnyLevelForTheNearestOne) {
  credentialOf([](Services services, const rcb_request&) {
    services.host.log(services.host.context, -5, text("low"), nullptr, 0);
    services.host.log(services.host.context, 99, text("high"), nullptr, 0);
    return services.emit("user", "password");
  });
  EXPECT_THAT(call().logged, ElementsAre(HasSubstr("level=debug"), HasSubstr("level=error")));
}

// --- now, deadline_ms ---

TEST_F(HostServicesTest, TellsTheTimeAndWhatIsLeftOfIt) {
  credentialOf([](Services services, const rcb_request&) {
    EXPECT_EQ(services.host.size, sizeof(rcb_host));
    EXPECT_EQ(services.host.now(services.host.context), 1'800'000'000);
    EXPECT_GT(services.host.deadline_ms(services.host.context), 0);
    EXPECT_LE(services.host.deadline_ms(services.host.context), 10'000);
    return services.emit("user", "password");
  });
}

// --- what the call came to ---

TEST_F(Conclusion, IsABreachIfNothingWasEmitted) {
  EXPECT_THAT(failureOf([](Services, const rcb_request&) { return rcb_status{RCB_OK}; }),
              HasSubstr("the provider module stub reported success without a credential (code=module-misbehaved)"));
}

TEST_F(Conclusion, IsABreachIfTheStatusIsUnknown) {
  for (const rcb_status unknown : {-1, 7, 1000}) {
    EXPECT_THAT(failureOf([unknown](Services, const rcb_request&) { return unknown; }),
                HasSubstr("returned the unknown status " + std::to_string(unknown)));
  }
}

TEST_F(Conclusion, IsABreachIfAFailureFollowsACredential) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                services.emit("user", "password");
                return services.fail(RCB_REFUSED, "changed my mind");
              }),
              HasSubstr("reported a failure after it had emitted a credential"));
}

TEST_F(Conclusion, IsTheCredentialIfTheModuleFoundAnotherWay) {
  call().http.willThrow(Error(ErrorCode::kConnectFailed, "the first is down"));
  call().http.willAnswer(200, "{}");
  const IssuedCredential credential = credentialOf([](Services services, const rcb_request&) {
    EXPECT_EQ(services.http({}), RCB_UNAVAILABLE);
    EXPECT_EQ(services.http({}), RCB_OK);
    return services.emit("user", "password");
  });
  EXPECT_EQ(credential.username, "user");
}

TEST_F(Conclusion, IsTheModulesReasonIfTheOtherWayFailedByItself) {
  call().http.willThrow(Error(ErrorCode::kConnectFailed, "the first is down"));
  call().http.willAnswer(200, "{}");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                services.http({});
                services.http({});
                return services.fail(RCB_BAD_ANSWER, "the second contains no token");
              }),
              HasSubstr("the second contains no token (code=answer-invalid)"));
}

TEST_F(Conclusion, IsTheLastFailureOfAService) {
  call().http.willThrow(Error(ErrorCode::kConnectFailed, "the first is down"));
  call().http.willThrow(Error(ErrorCode::kTlsFailed, "the second is not trusted"));
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                services.http({});
                return services.http({});
              }),
              HasSubstr("the second is not trusted (code=tls-failed)"));
}

TEST_F(Conclusion, IsTheFirstBreachWhateverFollows) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                services.emit("us:er", "password");
                return services.emit("user", "password");
              }),
              HasSubstr("contains a ':'"));
}

}  // namespace
}  // namespace rcb
