#include "core/support/json_string.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace rcb {
namespace {

using namespace std::string_view_literals;

std::string decoded(std::string_view literal) {
  const auto text = decodeJsonString(literal);
  return text ? std::string(text->reveal()) : "refused";
}

TEST(JsonString, EscapesWhatALiteralMayNotContain) {
  const std::pair<std::string_view, std::string_view> examples[] = {
      {"", R"("")"},
      {"plain/text", R"("plain/text")"},
      {R"(say "\")", R"("say \"\\\"")"},
      {"a\nb\tc\x01\x1f\x7f", R"("a\u000ab\u0009c\u0001\u001f\u007f")"},
      {"\xc3\xa4 \xf0\x9f\x94\x91 \xe2\x80\xa8", "\"\xc3\xa4 \xf0\x9f\x94\x91 \xe2\x80\xa8\""},
      {R"(","admin":true,"a":")", R"("\",\"admin\":true,\"a\":\"")"},
  };
  for (const auto& [text, literal] : examples) {
    EXPECT_EQ(encodeJsonString(text).reveal(), literal);
    EXPECT_EQ(decoded(literal), text);
  }
}

TEST(JsonString, IsReadWithEveryEscape) {
  EXPECT_EQ(decoded(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(decoded(R"("\u00e4\u2028\ud83d\udd11\u00E4")"), "\xc3\xa4\xe2\x80\xa8\xf0\x9f\x94\x91\xc3\xa4");
}

TEST(JsonString, WritesNulAndDoesNotReadIt) {
  EXPECT_EQ(encodeJsonString("a\0b"sv).reveal(), R"("a\u0000b")");
  EXPECT_EQ(decoded(R"("a\u0000b")"), "refused");
}

TEST(JsonString, IsExactlyOneLiteral) {
  for (const std::string_view text : {""sv,
                                      "\""sv,
                                      "a"sv,
                                      "'a'"sv,
                                      "a\""sv,
                                      "\"a"sv,
                                      " \"a\""sv,
                                      "\"a\"\n"sv,
                                      "\"a\",\"b\""sv,
                                      "\"a\"\"b\""sv,
                                      "[\"a\"]"sv,
                                      "null"sv,
                                      "1"sv,
                                      "\"\\\""sv,
                                      "\"\\x41\""sv,
                                      "\"\\ud83d\""sv,
                                      "\"\\udd11\\ud83d\""sv,
                                      "\"\\u00g0\""sv,
                                      "\"a\nb\""sv,
                                      "\"a\x01\""sv,
                                      "\"\0\""sv,
                                      "\"\xff\""sv,
                                      "\"\xed\xa0\x80\""sv,
                                      "\xef\xbb\xbf\"a\""sv}) {
    EXPECT_EQ(decoded(text), "refused") << text;
  }
}

TEST(JsonString, MayBeLongerThanADocumentThatIsRead) {
  const std::string text(std::size_t{3} << 20, 'a');
  EXPECT_EQ(decoded(encodeJsonString(text).reveal()), text);
}

}  // namespace
}  // namespace rcb
