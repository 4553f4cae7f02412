#include "core/settings/value_pattern.hpp"

#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using test::throwsError;

TEST(ValuePattern, MatchesOnlyTheWholeText) {
  EXPECT_TRUE(matchesWhole("[a-z]+", "abc"));
  EXPECT_FALSE(matchesWhole("[a-z]+", "abc1"));
  EXPECT_FALSE(matchesWhole("[a-z]+", "1abc"));
  EXPECT_FALSE(matchesWhole("[a-z]+", ""));
}

TEST(ValuePattern, DoesNotForgiveALineEnd) { EXPECT_FALSE(matchesWhole("[a-z]+", "abc\n")); }

TEST(ValuePattern, TriesEveryAlternativeForTheWholeText) {
  EXPECT_TRUE(matchesWhole("a|ab", "ab"));
  EXPECT_FALSE(matchesWhole("a|b", "ab"));
}

TEST(ValuePattern, CountsCharactersNotBytes) {
  EXPECT_TRUE(matchesWhole("...", "d\xc3\xa9j"));
  EXPECT_FALSE(matchesWhole(".*", "\xff"));
}

TEST(ValuePattern, GivesUpOnTextThatCostsTooMuch) { EXPECT_FALSE(matchesWhole("(a+)+b", std::string(200, 'a'))); }

TEST(ValuePattern, SurvivesLongTextInARecursivePattern) { EXPECT_TRUE(matchesWhole("(a|b)*", std::string(4096, 'a'))); }

TEST(ValuePattern, RefusesWhatIsNoExpression) {
  EXPECT_THAT([] { matchesWhole("[a-", "a"); },
              throwsError(ErrorCode::kModuleMisbehaved, "the pattern of a setting is not a valid regular expression"));
}

TEST(ValuePattern, StandsForTheWholeTextInTheSchemaToo) { EXPECT_EQ(wholePattern("a|b"), "^(?:a|b)$"); }

}  // namespace
}  // namespace rcb
