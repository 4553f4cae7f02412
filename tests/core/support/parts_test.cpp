#include "core/support/parts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rcb {
namespace {

using testing::ElementsAre;

std::vector<std::string> partsOf(std::string_view text) {
  std::vector<std::string> parts;
  EXPECT_TRUE(eachPart(text, ',', [&parts](std::string_view part) {
    parts.emplace_back(part);
    return true;
  }));
  return parts;
}

TEST(Parts, AreOneMoreThanTheSeparators) {
  EXPECT_THAT(partsOf("a,b"), ElementsAre("a", "b"));
  EXPECT_THAT(partsOf("a"), ElementsAre("a"));
  EXPECT_THAT(partsOf(""), ElementsAre(""));
  EXPECT_THAT(partsOf(",a,"), ElementsAre("", "a", ""));
}

TEST(Parts, EndAtTheFirstThatIsRefused) {
  int seen = 0;
  EXPECT_FALSE(eachPart("a,b,c", ',', [&seen](std::string_view part) {
    ++seen;
    return part != "b";
  }));
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace rcb
