// Nothing that was read in an XML document goes back to the heap.
#include "core/support/xml_text.hpp"
#include "tests/support/freed_memory.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace rcb::test {
namespace {

constexpr std::string_view kMarker = "canary-canary-canary";

TEST(XmlWipe, HappensToAllThatTheParserHolds) {
  for (const std::string_view text :
       {"<a>canary-canary-canary</a>", "<a><![CDATA[canary-canary-canary]]></a>", "<a>&#99;anary-canary-canary</a>",
        "<a b='canary-canary-canary' c='1'>x</a>", "<canary-canary-canary><b/></canary-canary-canary>",
        "<a><!-- canary-canary-canary --></a>"}) {
    FreedMemory freed(kMarker);
    { EXPECT_TRUE(std::holds_alternative<std::optional<Secret>>(readXmlText(text, "/a"))) << text; }
    EXPECT_EQ(freed.found(), 0) << text;
  }
}

TEST(XmlWipe, HappensToWhatGrows) {
  // Names and values that are longer than what the parser reserves at first.
  const std::string attribute = " b='canary-canary-canary" + std::string(5000, 'x') + "'";
  const std::string name = "canary-canary-canary" + std::string(5000, 'n');
  const std::string text =
      "<a" + attribute + "><" + name + attribute + "></" + name + ">" + std::string(5000, 'y') + "</a>";
  FreedMemory freed(kMarker);
  { EXPECT_TRUE(std::holds_alternative<std::optional<Secret>>(readXmlText(text, "/a"))); }
  EXPECT_EQ(freed.found(), 0);
}

TEST(XmlWipe, HappensToWhatWasReadOfARefusedText) {
  for (const std::string_view text : {"<a>canary-canary-canary", "<a>canary-canary-canary</b>", "<canary-canary-canary",
                                      "<a b='canary-canary-canary' b=''/>", "<!DOCTYPE canary-canary-canary><a/>"}) {
    FreedMemory freed(kMarker);
    { EXPECT_TRUE(std::holds_alternative<XmlProblem>(readXmlText(text, "/a"))) << text; }
    EXPECT_EQ(freed.found(), 0) << text;
  }
}

}  // namespace
}  // namespace rcb::test
