#include "core/settings/yaml_document.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The document's strings may be parts of the file's content.
struct Reading {
  explicit Reading(std::string text) : file(std::move(text)) {
    ProblemList list;
    document = readYaml(file, list);
    for (const Problem& problem : list.take()) {
      const std::string line = problem.line("");
      problems.push_back(line.substr(problem.mark.line > 0 ? 1 : 2));
    }
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  const std::string file;
  std::optional<YamlDocument> document;
  std::vector<std::string> problems;  // "line:column: path: reason"
};

Reading read(const std::string& text) { return Reading(text); }

// The only problem of a document that is refused.
std::string refusal(const std::string& text) {
  const Reading reading = read(text);
  EXPECT_FALSE(reading.document.has_value());
  EXPECT_EQ(reading.problems.size(), 1u);
  return reading.problems.empty() ? "" : reading.problems.front();
}

// The tree in one line: [list], {key: value}, 'quoted', plain.
std::string shown(const YamlNode& node) {
  if (node.isScalar()) return node.plain ? std::string(node.text) : "'" + std::string(node.text) + "'";
  std::string text;
  for (const YamlNode& child : node.children) {
    text += (text.empty() ? "" : ", ") + (node.isMap() ? std::string(child.key) + ": " : "") + shown(child);
  }
  return node.isMap() ? "{" + text + "}" : "[" + text + "]";
}

std::string tree(const std::string& text) {
  const Reading reading = read(text);
  EXPECT_THAT(reading.problems, IsEmpty());
  return reading.document ? shown(reading.document->root) : "";
}

TEST(YamlDocument, ReadsMapsListsAndScalars) {
  EXPECT_EQ(tree("a: 1\nb:\n- x\n- {c: 'd', e: \"f\"}\n- [g, []]\nh: {}\n"),
            "{a: 1, b: [x, {c: 'd', e: 'f'}, [g, []]], h: {}}");
}

TEST(YamlDocument, ReadsJson) {
  EXPECT_EQ(tree("{\"a\":1,\"b\":[true,null,\"\\u00e9\\/\"],\n\t\"c\":{}}"),
            "{a: 1, b: [true, null, '\xc3\xa9/'], c: {}}");
}

TEST(YamlDocument, KeepsScalarsAsTheyAreWritten) {
  EXPECT_EQ(tree("[no, on, 012, 0x1F, 1:30, 1_000, 1e3, .inf, 2026-01-02, ~, mirror:5000]"),
            "[no, on, 012, 0x1F, 1:30, 1_000, 1e3, .inf, 2026-01-02, ~, mirror:5000]");
}

TEST(YamlDocument, ReadsWindowsLineEndsAndDocumentMarkers) {
  EXPECT_EQ(tree("%YAML 1.2\r\n---\r\na: b\r\nc:\r\n- d\r\n...\r\n"), "{a: b, c: [d]}");
}

TEST(YamlDocument, MarksKeysAndValuesInCharacters) {
  const Reading reading = read("\xc3\xa9\xc3\xa9: \xe2\x82\xac\nb:\n  - {c: d}\n");
  ASSERT_TRUE(reading.document.has_value());
  const YamlNode& first = reading.document->root.children[0];
  EXPECT_EQ(first.keyMark, (Mark{1, 1}));
  EXPECT_EQ(first.mark, (Mark{1, 5}));
  const YamlNode& inner = reading.document->root.children[1].children[0].children[0];
  EXPECT_EQ(inner.keyMark, (Mark{3, 6}));
  EXPECT_EQ(inner.mark, (Mark{3, 9}));
}

TEST(YamlDocument, DistinguishesNullFromQuotedWords) {
  const Reading reading = read("-\n- ~\n- null\n- Null\n- NULL\n- '~'\n- 'null'\n- \"\"\n- none\n");
  ASSERT_TRUE(reading.document.has_value());
  std::string kinds;
  for (const YamlNode& node : reading.document->root.children) kinds += node.isNull() ? '0' : 't';
  EXPECT_EQ(kinds, "00000tttt");
}

TEST(YamlDocument, RefusesAnEmptyFile) {
  EXPECT_EQ(refusal(""), "the file is empty");
  EXPECT_EQ(refusal("\n# only a comment\n"), "the file is empty");
}

TEST(YamlDocument, RefusesASecondDocument) {
  EXPECT_EQ(refusal("a: b\n---\nc: d\n"), "2:1: a second YAML document begins here; the file must contain only one");
  EXPECT_EQ(refusal("---\n---\n"), "2:1: a second YAML document begins here; the file must contain only one");
}

TEST(YamlDocument, RefusesAnchorsAliasesTagsAndMergeKeys) {
  EXPECT_EQ(refusal("a: {b: &x c}"),
            "1:8: a.b: anchors (&) are not supported; write the value out, or quote a string that begins with '&'");
  EXPECT_THAT(refusal("a: &x [b]"), HasSubstr("1:4: a: anchors (&)"));
  EXPECT_THAT(refusal("a: &x {b: c}"), HasSubstr("1:4: a: anchors (&)"));
  EXPECT_THAT(refusal("&x a: b"), HasSubstr("1:1: anchors (&)"));
  EXPECT_EQ(refusal("a: [b, *x]"),
            "1:8: a[1]: aliases (*) are not supported; write the value out, or quote a string that begins with '*'");
  EXPECT_THAT(refusal("*x : b"), HasSubstr("aliases (*)"));
  EXPECT_EQ(refusal("a: !!int 1"), "1:4: a: tags (!) are not supported; quote a string that begins with '!'");
  EXPECT_THAT(refusal("a: !x [b]"), HasSubstr("tags (!)"));
  EXPECT_THAT(refusal("a: ! {b: c}"), HasSubstr("tags (!)"));
  EXPECT_EQ(refusal("a: {<<: {b: c}}"), "1:5: a: merge keys (<<) are not supported; write the keys out");
}

TEST(YamlDocument, RefusesTagDirectives) {
  EXPECT_EQ(refusal("%TAG !x! tag:x\n---\na: b"), "tags are not supported; remove %TAG");
  EXPECT_EQ(refusal("%YAML 1.2\n%TAG !x! tag:x\n---\na: b"), "tags are not supported; remove %TAG");
}

TEST(YamlDocument, TakesAQuotedMergeKeyAsAKey) { EXPECT_EQ(tree("'<<': a"), "{<<: a}"); }

TEST(YamlDocument, ExplainsAPatternThatLacksQuotes) {
  EXPECT_EQ(refusal("a: [*.example.com]"), "1:6: a value that begins with '*' or '&' must be quoted");
  EXPECT_EQ(refusal("a: @b"), "1:4: a value that begins with '@' must be quoted");
  EXPECT_EQ(refusal("\xc3\xa9: x\r\n\xc3\xa9: x\r\na: `b"), "3:4: a value that begins with '`' must be quoted");
  EXPECT_EQ(refusal("\xc3\xa9\xc3\xa9: `b"), "1:5: a value that begins with '`' must be quoted");
}

TEST(YamlDocument, RefusesTabsForIndentation) {
  EXPECT_EQ(refusal("\xc3\xa9: x\na:\n\tb: c\n"), "3:1: a tab is not allowed here; indent with spaces");
  EXPECT_EQ(refusal("a:\n  -\tb: c\n"), "2:4: a tab is not allowed here; indent with spaces");
}

TEST(YamlDocument, RefusesKeysThatAreNotStrings) {
  EXPECT_EQ(refusal("? [a]\n: b"), "1:3: a key must be a string, not a list or a map");
  EXPECT_EQ(refusal("x: {{a: b}: c}"), "1:5: x: a key must be a string, not a list or a map");
}

TEST(YamlDocument, RefusesAByteOrderMark) {
  EXPECT_EQ(refusal("\xef\xbb\xbf"
                    "a: b"),
            "1:1: the file begins with a byte order mark; save it without one");
}

TEST(YamlDocument, RefusesOtherEncodings) {
  EXPECT_EQ(refusal(std::string("\xff\xfe"
                                "a\0:\0 \0b\0",
                                10)),
            "1:1: the file is not valid UTF-8");
  EXPECT_EQ(refusal(std::string("a\0:\0", 4)), "1:2: U+0000 is not allowed: it is a control character");
  EXPECT_EQ(refusal("a: b\n\xc3\xa9: x\xc3"), "2:5: the file is not valid UTF-8");
  EXPECT_EQ(refusal("a: \xed\xa0\x80"), "1:4: the file is not valid UTF-8");
  EXPECT_EQ(refusal("a: \xc0\xaf"), "1:4: the file is not valid UTF-8");
}

TEST(YamlDocument, RefusesControlCharacters) {
  EXPECT_EQ(refusal(std::string("a: b\0c", 6)), "1:5: U+0000 is not allowed: it is a control character");
  EXPECT_EQ(refusal("a: \x1b[1m"), "1:4: U+001B is not allowed: it is a control character");
  EXPECT_EQ(refusal("a: \"b\\0c\""), "1:4: a: this value contains a line break or another control character");
  EXPECT_EQ(refusal("a: \"b\\r\\nc\""), "1:4: a: this value contains a line break or another control character");
  EXPECT_EQ(refusal("a: |\n  b\n"), "1:4: a: this value contains a line break or another control character");
  EXPECT_EQ(refusal("\"a\\tb\": c"), "1:1: this key contains a line break or another control character");
}

// Wherever such a character is, a reviewer and a parser would read different things.
TEST(YamlDocument, RefusesCharactersThatHideOrReorderText) {
  const std::pair<const char*, const char*> hidden[] = {{"\r", "U+000D"},
                                                        {"\v", "U+000B"},
                                                        {"\f", "U+000C"},
                                                        {"\x7f", "U+007F"},
                                                        {"\xc2\x80", "U+0080"},
                                                        {"\xc2\x85", "U+0085"},
                                                        {"\xc2\x9b", "U+009B"},
                                                        {"\xc2\x9f", "U+009F"},
                                                        {"\xc2\xad", "U+00AD"},
                                                        {"\xd8\x9c", "U+061C"},
                                                        {"\xe2\x80\x8b", "U+200B"},
                                                        {"\xe2\x80\x8d", "U+200D"},
                                                        {"\xe2\x80\x8e", "U+200E"},
                                                        {"\xe2\x80\x8f", "U+200F"},
                                                        {"\xe2\x80\xa8", "U+2028"},
                                                        {"\xe2\x80\xa9", "U+2029"},
                                                        {"\xe2\x80\xaa", "U+202A"},
                                                        {"\xe2\x80\xae", "U+202E"},
                                                        {"\xe2\x81\xa0", "U+2060"},
                                                        {"\xe2\x81\xa6", "U+2066"},
                                                        {"\xe2\x81\xa9", "U+2069"},
                                                        {"\xef\xbb\xbf", "U+FEFF"},
                                                        {"\xf3\xa0\x81\xa1", "U+E0061"}};
  for (const auto& [character, name] : hidden) {
    const std::string bad = character;
    const std::string reason = std::string(name) + " is not allowed: ";
    EXPECT_THAT(refusal("a: b # \xc3\xa9 c" + bad + "d\n"), HasSubstr("1:11: " + reason)) << name;
    EXPECT_THAT(refusal("a: b\n#" + bad + "c: d\ne: f\n"), HasSubstr("2:2: " + reason)) << name;
    EXPECT_THAT(refusal("a: b" + bad + "c\n"), HasSubstr("1:5: " + reason)) << name;
    EXPECT_THAT(refusal("a: 'b" + bad + "c'\n"), HasSubstr("1:6: " + reason)) << name;
    EXPECT_THAT(refusal("\"a" + bad + "\": c\n"), HasSubstr("1:3: " + reason)) << name;
    EXPECT_THAT(refusal("{\"a\": [\"b\", \"" + bad + "\"]}"), HasSubstr("1:14: " + reason)) << name;
    EXPECT_THAT(refusal("a: b\n" + bad), HasSubstr("2:1: " + reason)) << name;
  }
}

TEST(YamlDocument, RefusesHiddenCharactersThatAreWrittenAsEscapes) {
  for (const char* escape : {"\\N", "\\L", "\\P", "\\x85", "\\u2028", "\\u202e", "\\u200b", "\\ufeff"}) {
    EXPECT_THAT(refusal("a: \"b" + std::string(escape) + "c\""), HasSubstr("1:4: a: this value contains")) << escape;
  }
}

TEST(YamlDocument, TakesLettersOfAnyScriptInComments) {
  for (const char* text : {"\xc3\xa9", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xe6\xbc\xa2\xe5\xad\x97", "\xe2\x80\xa6",
                           "\xf0\x9f\x98\x80", "\xe2\x9d\xa4\xef\xb8\x8f", "\t", "\r\n"}) {
    EXPECT_EQ(tree("a: b # " + std::string(text) + "\r\n"), "{a: b}") << text;
  }
}

TEST(YamlDocument, ReadsJsonsEscapesOfCharactersBeyondTheFirstPlane) {
  EXPECT_EQ(tree(R"({"a": "\ud83d\ude00", "\uD83D\uDE00": ["x\\\ud83d\ude00"]})"),
            "{a: '\xf0\x9f\x98\x80', \xf0\x9f\x98\x80: ['x\\\xf0\x9f\x98\x80']}");
  EXPECT_EQ(tree(R"({"a": "\\ud83d\\ude00"})"), R"({a: '\ud83d\ude00'})");
  EXPECT_EQ(tree(R"(a: '\ud83d\ude00')"), R"({a: '\ud83d\ude00'})");
}

TEST(YamlDocument, MarksWhatFollowsSuchAnEscapeAtItsPlace) {
  const Reading reading = read("{\"a\": \"\\ud83d\\ude00\\ud83d\\ude00\", \"b\":\n\"\\ud83d\\ude00\", \"c\": \"d\"}");
  ASSERT_TRUE(reading.document.has_value());
  EXPECT_EQ(reading.document->root.children[1].keyMark, (Mark{1, 35}));
  EXPECT_EQ(reading.document->root.children[2].keyMark, (Mark{2, 17}));
  EXPECT_EQ(reading.document->root.children[2].mark, (Mark{2, 22}));
}

TEST(YamlDocument, RefusesHalfOfSuchAnEscape) {
  for (const char* half : {R"("\ud83d")", R"("\ude00")", R"("\ud83d\ud83d")", R"("\ude00\ud83d")", R"("\ud83dx")"}) {
    EXPECT_THAT(refusal("{\"a\": " + std::string(half) + "}"), HasSubstr("invalid Unicode character escape")) << half;
  }
}

TEST(YamlDocument, SaysWhereAndWhyYamlIsInvalid) {
  EXPECT_EQ(refusal("a: b\n c: d"), "2:3: invalid YAML: mapping values are not allowed in this context");
  EXPECT_EQ(refusal("a:\n- b\nc"),
            "4:1: invalid YAML: could not find expected ':' while scanning a simple key that begins at line 3");
  EXPECT_THAT(refusal("a: \"b"), HasSubstr("1:6: invalid YAML: found unexpected end of stream"));
  EXPECT_THAT(refusal("a: {b: c}}"), HasSubstr("invalid YAML: did not find expected key"));
  EXPECT_THAT(refusal("%YAML 3.0\n---\na: b"), HasSubstr("1:1: invalid YAML: found incompatible YAML document"));
  EXPECT_THAT(refusal("a: \"\\ud83d\\ude00\""), HasSubstr("invalid YAML: found invalid Unicode character escape code"));
}

TEST(YamlDocument, ReportsEveryKeyThatStandsTwice) {
  const Reading reading = read("a: 1\nb:\n- {c: 1, d: 2, c: 3}\na: 2\na: 3\n");
  EXPECT_TRUE(reading.document.has_value());
  EXPECT_THAT(reading.problems, ElementsAre("3:16: b[0].c: duplicate key; first defined at line 3",
                                            "4:1: a: duplicate key; first defined at line 1",
                                            "5:1: a: duplicate key; first defined at line 4"));
}

TEST(YamlDocument, ComparesKeysByTheirTextHoweverTheyAreQuoted) {
  EXPECT_THAT(read("a: 1\n'a': 2\n\"\\x61\": 3\n").problems.size(), 2u);
}

TEST(YamlDocument, AllowsTheSameKeyInDifferentMaps) {
  EXPECT_EQ(tree("[{a: 1}, {a: {a: 2}}]"), "[{a: 1}, {a: {a: 2}}]");
}

TEST(YamlDocument, LimitsTheSizeOfTheFile) {
  const std::string atLimit = "a: b #" + std::string(kYamlBytes - 6, 'x');
  EXPECT_EQ(tree(atLimit), "{a: b}");
  EXPECT_EQ(refusal(atLimit + "x"), "the file is larger than 4 MiB");
}

TEST(YamlDocument, LimitsTheDepth) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(read(nested(kYamlDepth)).document.has_value());
  EXPECT_THAT(refusal(nested(kYamlDepth + 1)), HasSubstr("the file is nested more than 16 levels deep"));
  EXPECT_THAT(refusal(std::string(1000000, '[')), HasSubstr("the file is nested more than 16 levels deep"));
  EXPECT_THAT(refusal(std::string(1000000, '{')), HasSubstr("a key must be a string"));
}

TEST(YamlDocument, LimitsTheNumberOfValues) {
  std::string text = "[";
  for (std::size_t i = 0; i < kYamlValues; ++i) text += "a,";
  EXPECT_THAT(refusal(text + "]"), HasSubstr("the file has more than 300000 values"));
}

TEST(YamlDocument, LimitsTheLengthOfScalars) {
  const std::string longest(kYamlScalarBytes, 'x');
  EXPECT_TRUE(read("a: " + longest).document.has_value());
  EXPECT_EQ(refusal("a: " + longest + "x"), "1:4: a: this value is longer than 4096 bytes");
  EXPECT_EQ(refusal("? " + longest + "x\n: a"), "1:3: this key is longer than 4096 bytes");
}

}  // namespace
}  // namespace rcb
