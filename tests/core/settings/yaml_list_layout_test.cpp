#include "core/settings/yaml_list_layout.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Style = YamlListLayout::Style;

// The bytes of each element.
std::vector<std::string> elementsIn(std::string_view text, const YamlListLayout& layout) {
  std::vector<std::string> elements;
  for (const auto& element : layout.elements)
    elements.emplace_back(text.substr(element.begin, element.end - element.begin));
  return elements;
}

std::vector<std::string> elementsIn(std::string_view text) {
  const auto layout = findYamlList(text, "list");
  return layout ? elementsIn(text, *layout) : std::vector<std::string>{"no list"};
}

TEST(YamlListLayout, FindsTheElementsOfABlockAtAnyIndent) {
  EXPECT_THAT(elementsIn("a: 1\nlist:\n- x: [1]\n  y: 2 # c\n- z\nb: 2\n"), ElementsAre("x: [1]\n  y: 2", "z"));
  EXPECT_THAT(elementsIn("list:\n    - - n\n      - m\n    -\n      k: v\n\n"), ElementsAre("- n\n      - m", "k: v"));
}

TEST(YamlListLayout, FindsTheDashOfAnElement) {
  const std::string text = "list:\n  - # dash - comment\n    x\n";
  const auto layout = findYamlList(text, "list");
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->style, Style::kBlock);
  ASSERT_EQ(layout->elements.size(), 1U);
  EXPECT_EQ(layout->elements[0].dash, 8U);
  EXPECT_EQ(layout->elements[0].begin, text.find('x'));
}

TEST(YamlListLayout, GivesAnElementThatIsMissingNoBytes) {
  const std::string text = "list:\n-\n- x\n-\n";
  EXPECT_THAT(elementsIn(text), ElementsAre("", "x", ""));
}

TEST(YamlListLayout, EndsAnElementBeforeTheLineEndOfItsBlockText) {
  EXPECT_THAT(elementsIn("list:\n- |\n  a\n  b\n\n- >-\n  c\r\n- d"), ElementsAre("|\n  a\n  b\n", ">-\n  c", "d"));
}

TEST(YamlListLayout, KnowsAnElementWhoseLineEndBelongsToAValue) {
  const auto layout = findYamlList("list:\n- x: |\n    a\n- |\n  b\n- x: |\n    a\n  y: b\n- c\n- >2-\n  d\n", "list");
  ASSERT_TRUE(layout);
  std::vector<bool> ends;
  for (const auto& element : layout->elements) ends.push_back(element.endsInText);
  EXPECT_THAT(ends, ElementsAre(true, true, false, false, false));
}

TEST(YamlListLayout, FindsTheElementsInBrackets) {
  const std::string text = "{\"a\": {\"list\": 1}, \"list\" : [ {\"b\": [1, 2]}, x , \"]\" ] }";
  const auto layout = findYamlList(text, "list");
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->style, Style::kFlow);
  EXPECT_TRUE(layout->inBraces);
  EXPECT_EQ(text.substr(layout->begin, layout->end - layout->begin), "[ {\"b\": [1, 2]}, x , \"]\" ]");
  EXPECT_EQ(text.substr(0, layout->colon), "{\"a\": {\"list\": 1}, \"list\" :");
  EXPECT_THAT(elementsIn(text, *layout), ElementsAre("{\"b\": [1, 2]}", "x", "\"]\""));
}

TEST(YamlListLayout, CountsBytesWhereLibyamlCountsCharacters) {
  EXPECT_THAT(elementsIn("# \xe2\x82\xac\r\n\"\xc3\xa9\": \xf0\x9f\x98\x80\r\nlist: [\xc3\xa9, \xf0\x9f\x98\x80]\r\n"),
              ElementsAre("\xc3\xa9", "\xf0\x9f\x98\x80"));
}

TEST(YamlListLayout, ReadsTheEscapesOfJsonThatLibyamlRefuses) {
  EXPECT_THAT(elementsIn(R"({"x": "\\\ud83d\ude00", "list": ["\ud83d\ude00", "\\ud83d", "\\"]})"),
              ElementsAre(R"("\ud83d\ude00")", R"("\\ud83d")", R"("\\")"));
}

TEST(YamlListLayout, SaysWhereAValueIsThatIsNoList) {
  for (const auto& [text, value] :
       std::initializer_list<std::pair<std::string, std::string>>{{"list:\nb: 1\n", ""},
                                                                  {"list: ~ # c\n", "~"},
                                                                  {"{\"list\": null}", "null"},
                                                                  {"{list: , b: 1}", ""},
                                                                  {"list:", ""}}) {
    const auto layout = findYamlList(text, "list");
    ASSERT_TRUE(layout) << text;
    EXPECT_EQ(layout->style, Style::kNothing);
    EXPECT_EQ(text.substr(layout->begin, layout->end - layout->begin), value);
    EXPECT_EQ(text[layout->colon - 1], ':');
    EXPECT_THAT(layout->elements, IsEmpty());
  }
}

TEST(YamlListLayout, FindsNothingWhereThereIsNoSuchMember) {
  for (const char* text :
       {"", "a: 1", "- list: []", "a: {list: []}", "a:\n  list: []\n", "[list, b]", "{list}", "list", "\"\\ud83d"}) {
    EXPECT_FALSE(findYamlList(text, "list")) << text;
  }
}

}  // namespace
}  // namespace rcb
