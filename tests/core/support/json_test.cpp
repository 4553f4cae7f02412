#include "core/support/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <ctime>

namespace rcb {
namespace {

Json parsed(std::string_view text) {
  auto result = parseJson(text);
  EXPECT_TRUE(std::holds_alternative<Json>(result)) << text;
  return std::holds_alternative<Json>(result) ? std::move(std::get<Json>(result)) : Json();
}

// The reason why not, or "".
std::string problem(std::string_view text, const JsonLimits& limits = {}) {
  const auto result = parseJson(text, limits);
  const auto* found = std::get_if<JsonProblem>(&result);
  return found == nullptr ? "" : found->reason;
}

TEST(Json, HoldsEveryType) {
  const Json document =
      parsed(R"({"a": null, "b": true, "c": -5, "d": 1.5, "e": "text", "f": [1, [2]], "g": {"h": false}})");
  EXPECT_TRUE(document.find("a")->isNull());
  EXPECT_EQ(*document.find("b")->boolean(), true);
  EXPECT_EQ(*document.find("c")->integer(), -5);
  EXPECT_EQ(*document.find("d")->real(), 1.5);
  EXPECT_EQ(*document.find("e")->string(), "text");
  EXPECT_EQ(document.find("f")->array()->size(), 2U);
  EXPECT_EQ(*document.at("/g/h")->boolean(), false);
  EXPECT_EQ(document.find("z"), nullptr);
}

TEST(Json, MayBeAnyValueOnItsOwn) {
  EXPECT_EQ(*parsed("5").integer(), 5);
  EXPECT_EQ(*parsed(" \"x\" ").string(), "x");
  EXPECT_TRUE(parsed("null").isNull());
  EXPECT_EQ(*parsed("false").boolean(), false);
  EXPECT_TRUE(parsed("[]").array()->empty());
  EXPECT_TRUE(parsed("\t{ }\r\n").object()->empty());
}

TEST(Json, NullOfAnotherType) {
  const Json number = parsed("5");
  EXPECT_EQ(number.string(), nullptr);
  EXPECT_EQ(number.object(), nullptr);
  EXPECT_EQ(number.real(), nullptr);
  EXPECT_EQ(number.find("a"), nullptr);
  EXPECT_EQ(number.typeName(), "integer");
}

TEST(Json, KeepsTheOrderOfMembers) {
  std::string names;
  const Json document = parsed(R"({"z":1,"a":{"y":0},"m":3})");
  for (const auto& member : *document.object()) names += member.first;
  EXPECT_EQ(names, "zam");
}

TEST(Json, HoldsIntegersOfSixtyFourBits) {
  EXPECT_EQ(*parsed("9223372036854775807").integer(), INT64_MAX);
  EXPECT_EQ(*parsed("-9223372036854775808").integer(), INT64_MIN);
  EXPECT_EQ(*parsed("0").integer(), 0);
  EXPECT_EQ(*parsed("-0").integer(), 0);
}

TEST(Json, TurnsOtherNumbersIntoDoubles) {
  EXPECT_EQ(*parsed("9223372036854775808").real(), 9223372036854775808.0);
  EXPECT_EQ(*parsed("18446744073709551616").real(), 18446744073709551616.0);
  EXPECT_EQ(*parsed("-9223372036854775809").real(), -9223372036854775808.0);
  EXPECT_EQ(*parsed("1e3").real(), 1000.0);
  EXPECT_EQ(*parsed("1.0").real(), 1.0);
  EXPECT_EQ(*parsed("1E-2").real(), 0.01);
}

TEST(Json, UndoesEscapes) {
  EXPECT_EQ(*parsed(R"("\" \\ \/ \b \f \n \r \t \u0041 \u00fc \u20ac \ud83d\ude00")").string(),
            "\" \\ / \b \f \n \r \t A \xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80");
}

TEST(Json, RefusesWhatIsNoJson) {
  for (const std::string_view text : {"",           " ",         "{",       "}",         "[",
                                      "]",          "{]",        "[}",      "{\"a\"}",   "{\"a\":}",
                                      "{\"a\":1,}", "[1,]",      "[,1]",    "[1 2]",     "{a:1}",
                                      "{'a':1}",    "'a'",       "{1:2}",   "{\"a\" 1}", "{\"a\":1 \"b\":2}",
                                      "nul",        "nulll",     "True",    "NaN",       "Infinity",
                                      "-",          "+1",        "01",      "-01",       ".5",
                                      "1.",         "1e",        "1e+",     "0x10",      "1_000",
                                      "\"",         "\"a",       "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
                                      "\"\\",       "/* c */ 1", "1 // c",  "#",         "undefined",
                                      "{\"a\":1}}", "[[]",       "\v1",     "\f1"}) {
    EXPECT_NE(problem(text), "") << text;
  }
}

TEST(Json, RefusesControlCharactersInStrings) {
  for (const std::string_view text : {"\"a\nb\"", "\"a\tb\"", "\"\x01\"", "\"\x1f\""})
    EXPECT_NE(problem(text), "") << text;
}

TEST(Json, RefusesHalfASurrogatePair) {
  for (const std::string_view text :
       {R"("\ud83d")", R"("\ude00")", R"("\ud83dx")", R"("\ud83d\u0041")", R"("\ud83d\ud83d")", R"("\ude00\ud83d")"}) {
    EXPECT_NE(problem(text), "") << text;
  }
}

TEST(Json, RefusesAnythingBehindTheDocument) {
  for (const std::string_view text : {"{} {}", "{}x", "1 2", "\"a\"\"b\"", "[] ,", "null null", "{}\n{}"})
    EXPECT_NE(problem(text), "") << text;
}

TEST(Json, RefusesAByteOrderMark) { EXPECT_EQ(problem("\xef\xbb\xbf{}"), "it begins with a byte order mark"); }

TEST(Json, RefusesNulPlainAndEscaped) {
  EXPECT_EQ(problem(std::string_view("{}\0", 3)), "it holds a NUL byte");
  EXPECT_EQ(problem(std::string_view("\"a\0b\"", 5)), "it holds a NUL byte");
  EXPECT_NE(problem(R"("a\u0000b")"), "");
  EXPECT_NE(problem(R"({"\u0000": 1})"), "");
}

TEST(Json, RefusesInvalidUtf8) {
  EXPECT_EQ(problem("\"\xff\""), "it is not valid UTF-8");
  EXPECT_EQ(problem("\"\xc0\xaf\""), "it is not valid UTF-8");
}

TEST(Json, RefusesRepeatedMembersAndQuotesNone) {
  EXPECT_EQ(problem(R"({"secret":1,"secret":1})"), "a member's name stands twice in one object");
  EXPECT_EQ(problem(R"({"a":{"b":1,"c":{},"b":2}})"), "a member's name stands twice in one object");
  EXPECT_EQ(problem(R"({"a":1,"\u0061":1})"), "a member's name stands twice in one object");
  EXPECT_EQ(problem(R"({"":1,"":1})"), "a member's name stands twice in one object");
  EXPECT_EQ(problem(R"({"a":{"a":{"a":1}},"A":1})"), "");
}

TEST(Json, RefusesMoreBytesThanTheLimit) {
  EXPECT_EQ(problem("[1]", {.bytes = 3}), "");
  EXPECT_EQ(problem("[1] ", {.bytes = 3}), "it is larger than 3 bytes");
}

TEST(Json, RefusesMoreLevelsThanTheLimit) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(problem(nested(4), {.depth = 4}), "");
  EXPECT_NE(problem(nested(5), {.depth = 4}), "");
  EXPECT_NE(problem(R"({"a":{"b":{"c":{"d":{}}}}})", {.depth = 4}), "");
  EXPECT_NE(problem(std::string(100'000, '[')), "");
  EXPECT_NE(problem(nested(500'000), {.bytes = 1 << 21}), "");
}

TEST(Json, QuotesNothingOfTheText) {
  const std::string canary = "canary";
  for (const std::string& text :
       {canary, "{\"" + canary + "\"}", "[\"" + canary + "\"", "{\"" + canary + "\":1,\"" + canary + "\":2}",
        "\"" + canary + "\\q\"", "\"" + canary + "\n\""}) {
    EXPECT_THAT(problem(text), testing::AllOf(testing::Not(""), testing::Not(testing::HasSubstr(canary)))) << text;
  }
}

TEST(Json, ReadsAMegabyteOfMembersQuickly) {
  std::string text = "{";
  for (int i = 0; text.size() < 1'000'000; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  const std::clock_t begin = std::clock();  // of this process: what else the machine does is not counted
  EXPECT_GT(parsed(text + "}").object()->size(), 80'000U);
  EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, 10);
}

TEST(JsonPointer, LeadsToAValue) {
  const Json document = parsed(R"({"a":{"b/c":[10,{"d~e":"x"}]},"":{"":1},"kubernetes.io":{"namespace":"n"}})");
  EXPECT_EQ(document.at(""), &document);
  EXPECT_EQ(*document.at("/a/b~1c/0")->integer(), 10);
  EXPECT_EQ(*document.at("/a/b~1c/1/d~0e")->string(), "x");
  EXPECT_EQ(*document.at("//")->integer(), 1);
  EXPECT_EQ(*document.at("/kubernetes.io/namespace")->string(), "n");
}

TEST(JsonPointer, LeadsNowhereWithoutFailing) {
  const Json document = parsed(R"({"a":[1,2],"b":"text"})");
  for (const std::string_view pointer : {"a", "/c", "/a/2", "/a/-", "/a/x", "/a/", "/a/-1", "/a/99999999999999999999",
                                         "/b/0", "/b/x/y", "/", "//", "/a/0/0", "a/b"}) {
    EXPECT_EQ(document.at(pointer), nullptr) << pointer;
  }
}

TEST(JsonPointer, TakesNoLeadingZeroAsAnIndex) { EXPECT_EQ(parsed("[1,2]").at("/01"), nullptr); }

TEST(Utf8, IsToldFromEverythingElse) {
  for (const std::string_view text : {"", "abc", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf",
                                      "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(isUtf8(text));
  }
  for (const std::string_view text : {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xc3",
                                      "\xc3(",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf",
                                      "\xe2\x82",
                                      "\xe2(\xac",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf0\x80\x80\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf0\x9f\x98",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xfe",
                                      "\xff",
                                      "a\xc3"}) {
    EXPECT_FALSE(isUtf8(text));
  }
}

}  // namespace
}  // namespace rcb
