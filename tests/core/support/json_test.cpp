#include "core/support/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <type_traits>
#include <utility>

namespace rcb {
namespace {

static_assert(!std::is_copy_constructible_v<Json> && !std::is_copy_assignable_v<Json>,
              "a copy would not have the memory of its strings");

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

TEST(Json, RefusesNumbersThatNoDoubleHolds) {
  EXPECT_EQ(*parsed("1.7976931348623157e308").real(), 1.7976931348623157e308);
  EXPECT_EQ(*parsed("1e-999").real(), 0.0);
  for (const std::string& text : {std::string("1e999"), std::string("-1e309"), std::string(400, '9')}) {
    EXPECT_EQ(problem("[0, " + text + "]"), "number beyond the range of a double at line 1, column 5") << text;
  }
}

TEST(Json, ReadsANumberThatIsCutWithinALargerText) {
  EXPECT_EQ(*parsed(std::string_view("1.25999", 4)).real(), 1.25);
  EXPECT_EQ(*parsed(std::string_view("1234", 2)).integer(), 12);
}

TEST(Json, OutlivesItsTextAndBeingMoved) {
  std::string text = R"(["a\nb", {"name": "c"}])";
  Json first = parsed(text);
  text.assign(text.size(), 'x');
  const Json second = std::move(first);
  EXPECT_EQ(*second.at("/0")->string(), "a\nb");
  EXPECT_EQ(*second.at("/1/name")->string(), "c");
}

TEST(Json, HoldsStringsOfEveryLengthAndEscapesAtEveryPlace) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string plain(size, 'a');
    EXPECT_EQ(*parsed('"' + plain + '"').string(), plain);
    for (std::size_t at = 0; at < size; ++at) {
      std::string text = plain;
      text.replace(at, 1, "\\n");
      std::string meant = plain;
      meant[at] = '\n';
      EXPECT_EQ(*parsed('"' + text + '"').string(), meant);
      EXPECT_THAT(problem('"' + meant + '"'), testing::HasSubstr("column " + std::to_string(at + 2)));
    }
  }
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

TEST(Json, RefusesAByteOrderMark) { EXPECT_EQ(problem("\xef\xbb\xbf{}"), "it begins with a UTF-8 byte order mark"); }

TEST(Json, RefusesNulPlainAndEscaped) {
  EXPECT_EQ(problem(std::string_view("{}\0", 3)), "it contains a NUL byte at byte 3");
  EXPECT_EQ(problem(std::string_view("\"a\0b\"", 5)), "it contains a NUL byte at byte 3");
  EXPECT_NE(problem(R"("a\u0000b")"), "");
  EXPECT_NE(problem(R"({"\u0000": 1})"), "");
}

TEST(Json, RefusesInvalidUtf8) {
  EXPECT_EQ(problem("\"\xff\""), "it is not valid UTF-8 at byte 2");
  EXPECT_EQ(problem("\"\xc0\xaf\""), "it is not valid UTF-8 at byte 2");
}

TEST(Json, RefusesRepeatedMembersAndQuotesNone) {
  EXPECT_EQ(problem(R"({"secret":1,"secret":1})"), "duplicate member name in an object");
  EXPECT_EQ(problem(R"({"a":{"b":1,"c":{},"b":2}})"), "duplicate member name in an object");
  EXPECT_EQ(problem(R"({"a":1,"\u0061":1})"), "duplicate member name in an object");
  EXPECT_EQ(problem(R"({"":1,"":1})"), "duplicate member name in an object");
  EXPECT_EQ(problem(R"({"a":{"a":{"a":1}},"A":1})"), "");
}

TEST(Json, TakesTheLastMemberOfANameIfAskedTo) {
  const auto read = [](std::string_view text) { return std::get<Json>(parseJson(text, {.lastNameCounts = true})); };
  EXPECT_EQ(*read(R"({"a":1,"b":2,"a":{"c":3}})").at("/a/c")->integer(), 3);
  EXPECT_EQ(*read(R"({"a":{"b":1,"b":2},"a":{"b":3,"b":4,"b":5}})").at("/a/b")->integer(), 5);
  EXPECT_EQ(*read(R"([{"":1,"":2}])").at("/0/")->integer(), 2);
  std::string names;
  const Json document = read(R"({"z":0,"a":0,"z":1,"m":0,"\u0061":1})");
  for (const auto& [name, value] : *document.object()) names += name;
  EXPECT_EQ(names, "zma");
}

TEST(Json, TakesTheLastOfManyMembersQuickly) {
  std::string text = "{";
  while (text.size() < 1'000'000) text += "\"a\":0,";
  const std::clock_t begin = std::clock();
  EXPECT_EQ(std::get<Json>(parseJson(text + "\"a\":1}", {.lastNameCounts = true})).object()->size(), 1U);
  EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, 10);
}

TEST(Json, NamesThePlaceOfAFault) {
  const std::pair<std::string_view, std::string_view> faults[] = {
      {"", "expected a value at line 1, column 1"},
      {"hunter2", "expected a value at line 1, column 1"},
      {"\n  {\n  \"a\" 1}", "expected ':' at line 3, column 7"},
      {R"({"a":1 "b":2})", "expected ',' or '}' at line 1, column 8"},
      {R"({"a":1,})", "expected a name in double quotes at line 1, column 8"},
      {R"({'a':1})", "expected a name in double quotes at line 1, column 2"},
      {R"({"a":)", "expected a value at line 1, column 6"},
      {"[1\r\n,2\r\n3]", "expected ',' or ']' at line 3, column 1"},
      {"{} x", "expected the end of the document at line 1, column 4"},
      {"01", "expected the end of the document at line 1, column 2"},
      {"[1.]", "expected a digit at line 1, column 4"},
      {"[-]", "expected a digit at line 1, column 3"},
      {"\"a\nb\"", "unescaped control character or line end in a string at line 1, column 3"},
      {"[\"a]", "unterminated string at line 1, column 2"},
      {R"("\x")", "unknown escape at line 1, column 2"},
      {R"("ab\u12g4")", "unknown escape at line 1, column 4"},
      {R"("\u0000")", "escaped NUL at line 1, column 2"},
      {R"("\ud83d\u0041")", "half of a surrogate pair at line 1, column 2"},
      {R"("\ude00")", "half of a surrogate pair at line 1, column 2"},
      {"[\"\xc3\xa4\xe2\x82\xac\", x]", "expected a value at line 1, column 8"},
  };
  for (const auto& [text, reason] : faults) EXPECT_EQ(problem(text), reason) << text;
  EXPECT_EQ(problem("[[[1]]]", {.depth = 2}), "nested deeper than 2 levels at line 1, column 3");
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

}  // namespace
}  // namespace rcb
