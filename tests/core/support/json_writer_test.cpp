#include "core/support/json_writer.hpp"

#include "core/support/json.hpp"
#include "core/support/secret.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

std::string asJsonString(std::string_view text) {
  std::string out;
  appendJsonString(out, text);
  return out;
}

TEST(JsonWriter, EscapesWhatJsonMustNotHold) {
  EXPECT_EQ(asJsonString(""), "\"\"");
  EXPECT_EQ(asJsonString("plain"), "\"plain\"");
  EXPECT_EQ(asJsonString("a\"b\\c/"), "\"a\\\"b\\\\c/\"");
  EXPECT_EQ(asJsonString("\n\t\x1f\x7f"), "\"\\u000a\\u0009\\u001f\\u007f\"");
  EXPECT_EQ(asJsonString(std::string_view("\0", 1)), "\"\\u0000\"");
  EXPECT_EQ(asJsonString("b\xc3\xbc"
                         "cher"),
            "\"b\xc3\xbc"
            "cher\"");
}

TEST(JsonWriter, EveryCharacterIsReadBackAsItWas) {
  for (int c = 1; c < 0x80; ++c) {
    const std::string text = "x" + std::string(1, static_cast<char>(c)) + "y";
    const auto parsed = parseJson(asJsonString(text));
    ASSERT_TRUE(std::holds_alternative<Json>(parsed)) << c;
    ASSERT_NE(std::get<Json>(parsed).string(), nullptr) << c;
    EXPECT_EQ(*std::get<Json>(parsed).string(), text);
  }
}

template <class Sink>
void writeSample(Sink& sink, bool indent) {
  JsonWriter writer(sink, indent);
  writer.beginObject();
  writer.member("name", "a");
  writer.key("list");
  writer.beginArray();
  writer.value(1);
  writer.value(std::int64_t{-9'000'000'000});
  writer.value(true);
  writer.beginObject();
  writer.endObject();
  writer.beginArray();
  writer.endArray();
  writer.endArray();
  writer.member("flag", false);
  writer.endObject();
}

TEST(JsonWriter, WritesOneDocument) {
  std::string out;
  writeSample(out, false);
  EXPECT_EQ(out, R"({"name":"a","list":[1,-9000000000,true,{},[]],"flag":false})");
}

TEST(JsonWriter, IndentsByTwo) {
  std::string out;
  writeSample(out, true);
  EXPECT_EQ(out, R"({
  "name": "a",
  "list": [
    1,
    -9000000000,
    true,
    {},
    []
  ],
  "flag": false
})");
}

TEST(JsonWriter, WritesIntoASecretToo) {
  Secret secret;
  std::string text;
  writeSample(secret, false);
  writeSample(text, false);
  EXPECT_EQ(secret.reveal(), text);
}

}  // namespace
}  // namespace rcb
