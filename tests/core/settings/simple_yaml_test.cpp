#include "core/settings/simple_yaml.hpp"

#include "tests/core/settings/both_yaml_readers.hpp"
#include "tests/support/file_content.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

namespace rcb::test {
namespace {

// The whole subset that the reader supports, in few bytes.
const std::vector<std::string> kSimple = {
    "a: 1\nb:\n- x\n- {c: 'd', e: \"f\"}\n- [g, []]\nh: {}\n",
    "a:\n  b:\n    c: d # e\n    f: g#h\n  i: j\n# k\n\nl: m",
    "- a: b\n  c: d\n- - e\n  - f: g\n    h:\n    - i\n- ~\n- null\n- '~'\n- \"\"\n",
    "a:\n- b\n- c:\n    d: e\nf: [g,\n  h, # i\n j]\n",
    "{\"a\": 1, \"b\": [true, null, {}],\n \"c\": {\n\"d\": \"e:f\"}}",
    "a:   b c  d   \n'e f': g\n\"h\": \"i # j\"\nk: x:y,z]{} 'l' \"m\" !n &o *p\n",
    "# a\n\n  # b\nc/d.e-f_g: /h/i*?\nj: 1:30\nk: ~\nl: _\n",
};

TEST(SimpleYaml, ReadsWhatLibyamlReads) {
  for (const std::string& text : kSimple) {
    EXPECT_TRUE(readSimpleYaml(text)) << text;
    EXPECT_TRUE(yamlReadersAgree(text)) << text;
  }
}

// libyaml would read them too, but six times as slowly.
TEST(SimpleYaml, ReadsEverySampleOfABrokerFile) {
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(RCB_SOURCE_DIR) + "/config/samples")) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("broker") || name == "broker.schema.json") continue;
    EXPECT_TRUE(readSimpleYaml(contentOf(entry.path()))) << name;
    EXPECT_TRUE(yamlReadersAgree(contentOf(entry.path()))) << name;
    ++read;
  }
  EXPECT_GE(read, 4);
}

TEST(SimpleYaml, AgreesWithLibyamlOnWhateverBecomesOfATextThatIsEdited) {
  constexpr std::string_view kSigns = " \n-:#,[]{}'\"?&*|>%.@!\\\t~ab0\r<";
  constexpr std::string_view kParts[] = {"\n- ", ": ", "\n  ", " #", "\n---\n", "\n...\n", "<<: a", "? ", "- - ", "''"};
  std::mt19937 random(7);
  const auto below = [&random](std::size_t bound) { return random() % bound; };
  int read = 0;
  for (int round = 0; round < 40'000; ++round) {
    std::string text = kSimple[below(kSimple.size())];
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t place = below(text.size());
      switch (below(4)) {
        case 0:
          text.erase(place, 1 + below(3));
          break;
        case 1:
          text[place] = kSigns[below(kSigns.size())];
          break;
        case 2:
          text.insert(place, 1, kSigns[below(kSigns.size())]);
          break;
        default:
          text.insert(place, kParts[below(std::size(kParts))]);
      }
      if (text.empty()) text = "a";
    }
    ASSERT_TRUE(yamlReadersAgree(text)) << text;
    if (readSimpleYaml(text)) ++read;
  }
  EXPECT_GT(read, 5'000);
}

TEST(SimpleYaml, LeavesEverythingElseToLibyaml) {
  for (const std::string text :
       {"",           "# a\n",       "a",           "- a\nb",         "a: b\n c: d",  "a:\n  b",
        "a:",         "a: &x b",     "a: *x",       "a: !x b",        "? a\n: b",     "<<: a",
        "a: |\n b",   "a: b\n  c\n", "a: b: c",     "a: [b, ]",       "a: [b: c]",    "a: {b}",
        "a: {b: c}}", "a: [b] c",    "a: 'b' c",    "a: 'b''c'",      "a: \"\\x41\"", "a: \"b\n c\"",
        "a:\tb",      "a: b\r\n",    "a: \xc3\xa9", "---\na: b",      "a: b\n...",    "%YAML 1.2\n",
        "a: @b",      "a: `b",       "a: -b",       "a: .b",          "a: b\na: c",   "{a: b, a: c}",
        "{a: b}\nc",  "[a",          "- a\n - b",   "a:\n- b\n  - c", "a: \x7f"}) {
    EXPECT_FALSE(readSimpleYaml(text)) << text;
  }
}

TEST(SimpleYaml, HasTheLimitsOfEveryDocument) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(readSimpleYaml(nested(kYamlDepth)));
  EXPECT_FALSE(readSimpleYaml(nested(kYamlDepth + 1)));
  EXPECT_FALSE(readSimpleYaml(std::string(1'000'000, '[')));
  std::string dashes;
  for (std::size_t i = 0; i <= kYamlDepth; ++i) dashes += "- ";
  EXPECT_FALSE(readSimpleYaml(dashes + "a"));
  EXPECT_TRUE(readSimpleYaml("a: " + std::string(kYamlScalarBytes, 'x')));
  EXPECT_FALSE(readSimpleYaml("a: " + std::string(kYamlScalarBytes + 1, 'x')));
  EXPECT_TRUE(yamlReadersAgree(std::string(1000, 'x') + ": a"));
  EXPECT_FALSE(readSimpleYaml(std::string(1001, 'x') + ": a"));
  std::string values = "[a";
  for (std::size_t i = 0; i < kYamlValues - 2; ++i) values += ", a";
  EXPECT_TRUE(readSimpleYaml(values + "]"));
  EXPECT_FALSE(readSimpleYaml(values + ", a]"));
}

}  // namespace
}  // namespace rcb::test
