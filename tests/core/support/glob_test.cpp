#include "core/support/glob.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

TEST(Glob, LiteralsMatchThemselvesOnly) {
  EXPECT_TRUE(globMatches("team-a", "team-a"));
  EXPECT_FALSE(globMatches("team-a", "team-ab"));
  EXPECT_FALSE(globMatches("team-a", "xteam-a"));
  EXPECT_FALSE(globMatches("team-a", "Team-a"));
  EXPECT_FALSE(globMatches("team-a", ""));
  EXPECT_FALSE(globMatches("", "team-a"));
  EXPECT_TRUE(globMatches("", ""));
}

TEST(Glob, StarMatchesAnyRunAlsoAnEmptyOne) {
  EXPECT_TRUE(globMatches("*", ""));
  EXPECT_TRUE(globMatches("*", "default"));
  EXPECT_TRUE(globMatches("team-*", "team-"));
  EXPECT_TRUE(globMatches("team-*", "team-a"));
  EXPECT_FALSE(globMatches("team-*", "team"));
  EXPECT_TRUE(globMatches("*-prod", "eu-prod-prod"));
  EXPECT_TRUE(globMatches("a**c*e", "abcde"));
  EXPECT_FALSE(globMatches("a*c*e", "abcd"));
}

TEST(Glob, QuestionMarkMatchesExactlyOne) {
  EXPECT_TRUE(globMatches("team-?", "team-a"));
  EXPECT_FALSE(globMatches("team-?", "team-"));
  EXPECT_FALSE(globMatches("team-?", "team-ab"));
  EXPECT_TRUE(globMatches("*?", "a"));
  EXPECT_FALSE(globMatches("*?", ""));
}

TEST(Glob, HasNoOtherSigns) {
  EXPECT_TRUE(globMatches("[a-z]", "[a-z]"));
  EXPECT_FALSE(globMatches("[a-z]", "b"));
  EXPECT_FALSE(globMatches("\\*", "*"));
}

TEST(Glob, ManyStarsDoNotExplode) {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "*a";
  EXPECT_FALSE(globMatches(pattern + "b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace rcb
