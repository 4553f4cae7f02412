// What a module reads through the C table: JSON and files.

#include "tests/core/modules/lent_services.hpp"

#include <gmock/gmock.h>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace rcb {
namespace {

using test::HostServicesTest;
using test::Services;
using test::settingNamed;
using test::text;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using JsonText = HostServicesTest;
using JsonBoolean = HostServicesTest;
using JsonKind = HostServicesTest;
using JsonName = HostServicesTest;

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

TEST_F(JsonText, FindsNumbersOfEitherKindForTheNumberService) {
  credentialOf([](Services services, const rcb_request&) {
    const std::string document =
        R"({"n":3600,"real":1767370000.5,"least":-1e300,"text":"1.5","true":true,"null":null})";
    EXPECT_EQ(services.number(document, "/n"), 3600.0);
    EXPECT_EQ(services.number(document, "/real"), 1767370000.5);
    EXPECT_EQ(services.number(document, "/least"), -1e300);
    for (const char* pointer : {"", "/none", "/text", "/true", "/null"}) {
      EXPECT_EQ(services.number(document, pointer), std::nullopt) << pointer;
    }
    return services.emit("user", "password");
  });
}

TEST_F(JsonText, TellsWhereAnAnswerStopsBeingJson) {
  for (const auto& [body, why] : {std::pair("", "expected a value at line 1, column 1"),
                                  std::pair("{\n \"a\" canary}", "expected ':' at line 2, column 6"),
                                  std::pair("\xff", "it is not valid UTF-8 at byte 1"),
                                  std::pair("{\"a\":1,\"a\":2}", "duplicate member name in an object")}) {
    call().script.answer(200, body);
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
  call().script.answer(200, R"({"a":"1"})");
  call().script.answer(200, R"({"a":"2"})");
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

// --- the kinds of values, and names ---

TEST_F(JsonKind, IsThatOfTheValue) {
  credentialOf([](Services services, const rcb_request&) {
    const std::string document =
        R"({"null":null,"no":false,"n":-1,"real":1.5,"huge":9223372036854775808,"s":"xy","a":[1,[2,3]],"o":{"x":1},"e":{}})";
    const std::tuple<const char*, std::int32_t, std::size_t> values[] = {
        {"", RCB_JSON_OBJECT, 9},        {"/null", RCB_JSON_NULL, 0},   {"/no", RCB_JSON_BOOLEAN, 0},
        {"/n", RCB_JSON_INTEGER, 0},     {"/real", RCB_JSON_NUMBER, 0}, {"/huge", RCB_JSON_NUMBER, 0},
        {"/s", RCB_JSON_STRING, 0},      {"/a", RCB_JSON_ARRAY, 2},     {"/a/1", RCB_JSON_ARRAY, 2},
        {"/a/1/0", RCB_JSON_INTEGER, 0}, {"/o", RCB_JSON_OBJECT, 1},    {"/e", RCB_JSON_OBJECT, 0},
    };
    for (const auto& [pointer, kind, count] : values) {
      EXPECT_EQ(services.kind(document, pointer), std::pair(kind, count)) << pointer;
    }
    for (const char* pointer : {"/", "null", "/none", "/a/2", "/s/0", "/n/x"}) {
      EXPECT_EQ(services.kind(document, pointer), std::nullopt) << pointer;
    }
    EXPECT_EQ(services.kind("[]", ""), std::pair(std::int32_t{RCB_JSON_ARRAY}, std::size_t{0}));
    EXPECT_EQ(services.kind(" null ", ""), std::pair(std::int32_t{RCB_JSON_NULL}, std::size_t{0}));
    return services.emit("user", "password");
  });
}

TEST_F(JsonBoolean, IsTrueOrFalseOnly) {
  credentialOf([](Services services, const rcb_request&) {
    const std::string document = R"({"yes":true,"no":false,"null":null,"n":1,"s":"true","a":[false]})";
    EXPECT_EQ(services.boolean(document, "/yes"), true);
    EXPECT_EQ(services.boolean(document, "/no"), false);
    EXPECT_EQ(services.boolean(document, "/a/0"), false);
    for (const char* pointer : {"", "/null", "/n", "/s", "/a", "/none"}) {
      EXPECT_EQ(services.boolean(document, pointer), std::nullopt) << pointer;
    }
    return services.emit("user", "password");
  });
}

TEST_F(JsonName, FollowsTheDocumentsOrder) {
  credentialOf([](Services services, const rcb_request&) {
    const std::string document = R"({"z":{"\u0061/b":1,"":2},"a":["x"],"m":"text"})";
    EXPECT_EQ(services.name(document, "", 0), "z");
    EXPECT_EQ(services.name(document, "", 1), "a");
    EXPECT_EQ(services.name(document, "", 2), "m");
    EXPECT_EQ(services.name(document, "", 3), std::nullopt);
    EXPECT_EQ(services.name(document, "/z", 0), "a/b");
    EXPECT_EQ(services.name(document, "/z", 1), "");
    for (const char* pointer : {"/a", "/a/0", "/m", "/none", "z"}) {
      EXPECT_EQ(services.name(document, pointer, 0), std::nullopt) << pointer;
    }
    EXPECT_EQ(services.name(document, "", SIZE_MAX), std::nullopt);
    return services.emit("user", "password");
  });
}

// Each name is kept, and the document is found again among them.
TEST_F(JsonName, IsReadQuicklyFromADocumentOfManyMembers) {
  std::string body = "{";
  for (int i = 0; i < 20'000; ++i) body += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) + "\":1";
  call().script.answer(200, body + "}");
  const std::clock_t start = std::clock();
  credentialOf([](Services services, const rcb_request&) {
    rcb_text answer{};
    services.http({}, &answer);
    const std::size_t count = services.kind(test::view(answer), "").value_or(std::pair(0, 0)).second;
    EXPECT_EQ(count, 20'000u);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(services.name(test::view(answer), "", i), "m" + std::to_string(i));
    }
    return services.emit("user", "password");
  });
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 5);
}

TEST_F(JsonKind, OfWhatIsNotJsonIsTheFaultOfItsOrigin) {
  module_.settings = {settingNamed("policy")};
  call().with("policy", "{]");
  EXPECT_THAT(failureOf([](Services services, const rcb_request& request) {
                std::int32_t kind = 0;
                std::size_t count = 0;
                const rcb_status status =
                    services.host.json_kind(services.host.context, request.settings[0].value, text(""), &kind, &count);
                EXPECT_EQ(status, RCB_BAD_SETTINGS);
                return status;
              }),
              StartsWith("the setting policy is not JSON: "));
}

TEST_F(JsonText, OfASettingIsTheSettingsFault) {
  module_.settings = {settingNamed("key"), settingNamed("encoded")};
  call().with("key", R"({"user":"us:er"})").with("encoded", "eyJ1c2VyIjoidXM6ZXIifQ==");
  for (const bool encoded : {false, true}) {
    EXPECT_THAT(failureOf([encoded](Services services, const rcb_request& request) {
                  std::string_view key = test::view(request.settings[encoded ? 1 : 0].value);
                  if (encoded) key = services.decode(RCB_ENCODING_BASE64, key).value_or("");
                  rcb_text user{};
                  services.host.json_text(services.host.context, text(key), text("/user"), &user);
                  return services.emit(test::view(user), "password");
                }),
                StartsWith(std::string("the user name in the setting ") + (encoded ? "encoded" : "key") +
                           " contains a ':', which separates it from the password (code=settings-invalid)"));
  }
}

// --- read_file ---

class ReadFileTest : public HostServicesTest {
 protected:
  ReadFileTest() {
    module_.settings = {settingNamed("secretFile"), settingNamed("name")};
    module_.settings[0].type = RCB_SETTING_FILE;
  }
};

TEST_F(ReadFileTest, ReadsTheFileThatASettingNames) {
  const std::string path = call().file("secret", "content\n");
  call().with("secretFile", path);
  credentialOf([path](Services services, const rcb_request&) {
    rcb_text content{};
    EXPECT_EQ(services.readFile(path, &content), RCB_OK);
    EXPECT_EQ(test::view(content), "content\n");
    return services.emit("user", "password");
  });
}

TEST_F(ReadFileTest, RefusesAFileThatNoFileSettingNames) {
  const std::string path = call().file("secret", "content");
  call().with("secretFile", path + "-else").with("name", path);
  EXPECT_THAT(failureOf([path](Services services, const rcb_request&) {
                rcb_text content{};
                const rcb_status status = services.readFile(path, &content);
                EXPECT_EQ(content.size, 0u);
                return status;
              }),
              HasSubstr("tried to read a file that no file setting names"));
}

TEST_F(ReadFileTest, ReportsThatAFileIsNotThere) {
  const std::string path = "/etc/registry/none";
  call().with("secretFile", path);
  EXPECT_THAT(failureOf([path](Services services, const rcb_request&) {
                rcb_text content{};
                EXPECT_EQ(services.readFile(path, &content), RCB_BAD_SETTINGS);
                return rcb_status{RCB_BAD_SETTINGS};
              }),
              HasSubstr("the secret file /etc/registry/none cannot be read: No such file or directory "
                        "(code=file-unreadable)"));
}

TEST_F(ReadFileTest, KeepsWhatItReadOutOfTheModulesReason) {
  const std::string path = call().file("secret", "hunter2\n");
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
      call().file("secret", "\n{\"user\": \"puller of team\", \"key\": \"0123456789-0123456789\"}");
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
      {"hunter\0002"s, "contains a NUL byte at byte 7 (code=settings-invalid)"},
      {""s, "is empty (code=settings-invalid); write the value into it"},
      {" \t\n"s, "contains only whitespace (code=settings-invalid); write the value into it"},
      {"hunter2\n"s, "begins or ends with a line break (code=settings-invalid); write it without one"},
      {std::string(70'000, 'x'), "is 70000 bytes long, above the limit of 65536 (code=settings-invalid); check"},
  };
  const std::string path = call().file("secret", "");
  call().with("secretFile", path);
  for (const auto& [bytes, why] : files) {
    call().file("secret", bytes);
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
  const std::string path = call().file("secret", "\xff-secret");
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
  const std::string path = call().file("secret", "two\nlines");
  call().with("secretFile", path);
  call().script.fail(Error(ErrorCode::kModuleMisbehaved, "the value of header 1 is not valid"));
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
  const std::string path = call().file("secret", "{\"auths\": {\n  \"canary\" \"hunter2\"}}");
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
  const std::string path = call().file("secret", R"({"a":"1","a":"2"})");
  call().with("secretFile", path);
  credentialOf([path](Services services, const rcb_request&) {
    rcb_text content{};
    services.readFile(path, &content);
    EXPECT_EQ(services.json(test::view(content), "/a"), "2");
    EXPECT_EQ(services.kind(test::view(content), ""), std::pair(std::int32_t{RCB_JSON_OBJECT}, std::size_t{1}));
    EXPECT_EQ(services.name(test::view(content), "", 0), "a");
    EXPECT_EQ(services.name(test::view(content), "", 1), std::nullopt);
    return services.emit("user", "password");
  });
}

TEST_F(ReadFileTest, IsNamedBesideTheModulesReason) {
  const std::string path = call().file("secret", "{}");
  call().with("secretFile", path);
  EXPECT_EQ(failureOf([path](Services services, const rcb_request&) {
              rcb_text content{};
              services.readFile(path, &content);
              return services.fail(RCB_BAD_SETTINGS, "it has no entry");
            }),
            "it has no entry (code=settings-invalid, file=" + path + ")");
}

TEST_F(ReadFileTest, DoesNotWithholdAReasonForAWordOfTheFile) {
  const std::string path = call().file("secret", "user\npull\n");
  call().with("secretFile", path);
  EXPECT_THAT(failureOf([path](Services services, const rcb_request&) {
                rcb_text content{};
                services.readFile(path, &content);
                return services.fail(RCB_BAD_SETTINGS, "the user name that is to pull has two lines");
              }),
              StartsWith("the user name that is to pull has two lines (code=settings-invalid"));
}

}  // namespace
}  // namespace rcb
