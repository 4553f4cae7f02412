// Strings as JSON literals, of which a module makes documents of any shape. What is made of a secret stays one.

#include "tests/core/modules/lent_services.hpp"

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <string_view>

namespace rcb {
namespace {

using namespace std::string_view_literals;
using test::HostServicesTest;
using test::Services;
using test::settingNamed;
using test::text;
using testing::StartsWith;

class JsonLiteral : public HostServicesTest {
 protected:
  JsonLiteral() {
    module_.settings = {settingNamed("key"), settingNamed("plain"), settingNamed("file")};
    module_.settings[0].flags = RCB_SETTING_SECRET;
    module_.settings[2].type = RCB_SETTING_FILE;
  }
  static std::string_view setting(const rcb_request& request, std::size_t index) {
    return test::view(request.settings[index].value);
  }
};

TEST_F(JsonLiteral, IsReversedByDecoding) {
  credentialOf([](Services services, const rcb_request&) {
    std::string every;
    for (char c = 1; c > 0; ++c) every += c;
    every += "\xc3\xa4\xe2\x80\xa8\xf0\x9f\x94\x91";
    for (const std::string_view string : {std::string_view(every), ""sv, "\"\\"sv, "\",\"a\":\""sv}) {
      const std::string_view literal = services.encode(RCB_ENCODING_JSON, string);
      EXPECT_EQ(services.json("{\"x\":" + std::string(literal) + "}", "/x"), string);
      EXPECT_EQ(services.decode(RCB_ENCODING_JSON, literal), string);
    }
    return services.emit("user", "password");
  });
}

TEST_F(JsonLiteral, IsAbsentIfItIsNotExactlyOne) {
  credentialOf([](Services services, const rcb_request&) {
    for (const std::string_view none :
         {""sv, "a"sv, "\""sv, " \"a\""sv, "\"a\" "sv, "\"a\",\"b\""sv, "[\"a\"]"sv, "1"sv, "\"\\ud800\""sv,
          "\"\\u0000\""sv, "\"\n\""sv, "\"\0\""sv, "\"\xff\""sv}) {
      EXPECT_EQ(services.decode(RCB_ENCODING_JSON, none), std::nullopt) << none;
    }
    return services.emit("user", "password");
  });
}

TEST_F(JsonLiteral, OfBytesThatAreNotUtf8IsAFaultOfTheModule) {
  EXPECT_EQ(failureOf([](Services services, const rcb_request&) {
              rcb_text literal{};
              return services.host.encode(services.host.context, RCB_ENCODING_JSON, text("a\xed\xa0\x80"), &literal);
            }),
            "the provider module stub returned an unusable value: the string for JSON is not valid UTF-8 at byte 2 "
            "(code=module-misbehaved); report this bug to the module's author");
}

TEST_F(JsonLiteral, OfAFileThatIsNotUtf8IsAFaultOfTheFile) {
  const std::string path = call().file("key", "\xff\xfe\x01");
  call().with("file", path);
  EXPECT_EQ(
      failureOf([](Services services, const rcb_request& request) {
        rcb_text content{};
        EXPECT_EQ(services.readFile(setting(request, 0), &content), RCB_OK);
        rcb_text literal{};
        const rcb_status status = services.host.encode(services.host.context, RCB_ENCODING_JSON, content, &literal);
        EXPECT_EQ(status, RCB_BAD_SETTINGS);
        EXPECT_EQ(literal.size, 0u);
        return status;
      }),
      "the string for JSON in the file " + path + " is UTF-16, not UTF-8 (code=settings-invalid); save it as UTF-8");
}

TEST_F(JsonLiteral, OfAnAnswerThatIsNotUtf8IsAFaultOfTheServer) {
  call().script.answer(200, "x\xff");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_text body{};
                services.http({}, &body);
                rcb_text literal{};
                return services.host.encode(services.host.context, RCB_ENCODING_JSON, body, &literal);
              }),
              StartsWith("the string for JSON in the answer from sts.test is not valid UTF-8 at byte 2 "
                         "(code=answer-invalid)"));
}

TEST_F(JsonLiteral, OfASecretIsWithheld) {
  call().with("key", "open \"sesame\"").with("plain", "team \"app\"").with("file", call().file("f", "hunter\\2"));
  const auto quoting = [this](auto make) {
    return failureOf([make](Services services, const rcb_request& request) {
      const std::string made(make(services, request));
      return services.fail(RCB_REFUSED, "refused: " + made);
    });
  };
  const auto literal = [](std::size_t index) {
    return [index](Services services, const rcb_request& request) {
      return services.encode(RCB_ENCODING_JSON, setting(request, index));
    };
  };
  constexpr const char* kWithheld = "the provider's reason is withheld because it contains part of a secret";
  EXPECT_THAT(quoting(literal(0)), StartsWith(kWithheld));
  EXPECT_THAT(quoting(literal(1)), StartsWith("refused: \"team "));
  EXPECT_THAT(quoting([](Services services, const rcb_request& request) {
                return services.encode(RCB_ENCODING_JSON, test::view(request.token)).substr(40, 20);
              }),
              StartsWith(kWithheld));
  EXPECT_THAT(quoting([](Services services, const rcb_request& request) {
                rcb_text content{};
                EXPECT_EQ(services.readFile(setting(request, 2), &content), RCB_OK);
                return services.encode(RCB_ENCODING_JSON, test::view(content));
              }),
              StartsWith(kWithheld));
  EXPECT_THAT(quoting([](Services services, const rcb_request& request) {
                const std::string_view written = services.encode(RCB_ENCODING_JSON, setting(request, 0));
                return services.decode(RCB_ENCODING_JSON, written).value_or("");
              }),
              StartsWith(kWithheld));
}

}  // namespace
}  // namespace rcb
