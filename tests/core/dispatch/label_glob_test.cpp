#include "core/dispatch/label_glob.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace rcb {
namespace {

TEST(LabelGlob, StarMatchesAnyRun) {
  EXPECT_TRUE(labelMatches("*", ""));
  EXPECT_TRUE(labelMatches("*", "gcr"));
  EXPECT_TRUE(labelMatches("r*g*y", "registry"));
  EXPECT_TRUE(labelMatches("*app", "myapp"));
  EXPECT_FALSE(labelMatches("*app", "app1"));
  EXPECT_FALSE(labelMatches("a*p", "a"));
}

TEST(LabelGlob, LiteralsCompareExactly) {
  EXPECT_TRUE(labelMatches("gcr", "gcr"));
  EXPECT_FALSE(labelMatches("gcr", "GCR"));
  EXPECT_FALSE(labelMatches("gcr", "gcr1"));
  EXPECT_TRUE(labelMatches("", ""));
}

TEST(LabelGlob, AnIpv6LiteralInBracketsMatchesNothing) {
  EXPECT_FALSE(labelMatches("[::1]", "[::1]"));
  EXPECT_FALSE(labelMatches("[fe80::1%*]", "[fe80::1%a]"));
}

TEST(LabelGlob, ManyStarsDoNotExplode) {
  std::string glob;
  for (int i = 0; i < 1000; ++i) glob += "*a";
  EXPECT_FALSE(labelMatches(glob + "*b", std::string(5000, 'a')));
}

TEST(LabelGlob, FindsALabelInCommon) {
  EXPECT_EQ(commonLabel("a", "a"), "a");
  EXPECT_EQ(commonLabel("a", "b"), std::nullopt);
  EXPECT_EQ(commonLabel("a*", "abc"), "abc");
  EXPECT_EQ(commonLabel("abc", "*b"), std::nullopt);
  EXPECT_EQ(commonLabel("eu-*", "*-prod"), "eu--prod");
  EXPECT_EQ(commonLabel("eu-*", "us-*"), std::nullopt);
  EXPECT_EQ(commonLabel("*-a", "*-b"), std::nullopt);
  EXPECT_EQ(commonLabel("*", "**"), "any");
  EXPECT_EQ(commonLabel("*-eu", "*"), "any-eu");
  EXPECT_EQ(commonLabel("eu-*", "*"), "eu-any");
  EXPECT_EQ(commonLabel("*-*", "**"), "any-any");
}

// All labels of up to `length` characters over "ab".
std::vector<std::string> allLabels(std::size_t length) {
  std::vector<std::string> labels = {""};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i].size() == length) break;
    labels.push_back(labels[i] + "a");
    labels.push_back(labels[i] + "b");
  }
  return labels;
}

TEST(LabelGlob, FindsACommonLabelExactlyIfThereIsOne) {
  std::mt19937 random(20260101);
  const auto glob = [&random] {
    std::string text;
    const auto length = random() % 5;
    for (unsigned i = 0; i < length; ++i) text += "ab*"[random() % 3];
    return text;
  };
  const auto labels = allLabels(9);
  for (int i = 0; i < 2000; ++i) {
    const std::string left = glob();
    const std::string right = glob();
    const auto common = commonLabel(left, right);
    if (common) {
      EXPECT_TRUE(labelMatches(left, *common) && labelMatches(right, *common))
          << left << " " << right << " " << *common;
      continue;
    }
    for (const std::string& label : labels) {
      ASSERT_FALSE(labelMatches(left, label) && labelMatches(right, label)) << left << " " << right << " " << label;
    }
  }
}

}  // namespace
}  // namespace rcb
