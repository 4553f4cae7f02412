#include "core/support/printable.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace rcb {
namespace {

TEST(Printable, KeepsPrintableAscii) {
  std::string all;
  for (char c = 0x20; c < 0x7f; ++c) all += c;
  EXPECT_EQ(printable(all), all);
}

TEST(Printable, ReplacesEveryOtherByte) {
  for (int c = 0; c < 256; ++c) {
    if (c >= 0x20 && c < 0x7f) continue;
    EXPECT_EQ(printable(std::string(1, static_cast<char>(c))), "?") << c;
  }
}

TEST(Printable, CutsAtTheLimit) {
  EXPECT_EQ(printable("12345", 5), "12345");
  EXPECT_EQ(printable("123456", 5), "12345...");
  EXPECT_EQ(printable(std::string(201, 'x')).size(), 203U);
  EXPECT_EQ(printable("x", 0), "...");
}

TEST(EditDistance, CountsSingleSlips) {
  EXPECT_EQ(editDistance("", ""), 0U);
  EXPECT_EQ(editDistance("audience", "audience"), 0U);
  EXPECT_EQ(editDistance("audience", "audiance"), 1U);
  EXPECT_EQ(editDistance("audience", "audienc"), 1U);
  EXPECT_EQ(editDistance("audience", "audiences"), 1U);
  EXPECT_EQ(editDistance("audience", "aduience"), 1U);
  EXPECT_EQ(editDistance("", "abc"), 3U);
  EXPECT_EQ(editDistance("kitten", "sitting"), 3U);
}

TEST(EditDistance, IsTheSameBothWays) {
  const std::array<std::string_view, 6> words = {"", "a", "ab", "ba", "matchImages", "matchimage"};
  for (const auto left : words) {
    for (const auto right : words)
      EXPECT_EQ(editDistance(left, right), editDistance(right, left)) << left << " " << right;
  }
}

TEST(Nearest, NamesALikelySlipOnly) {
  const std::vector<std::string> known = {"matchImages", "audience", "allow", "identity"};
  EXPECT_EQ(nearest("matchImage", known), "matchImages");
  EXPECT_EQ(nearest("audeince", known), "audience");
  EXPECT_EQ(nearest("alow", known), "allow");
  EXPECT_EQ(nearest("registry", known), "");
  EXPECT_EQ(nearest("", known), "");
  EXPECT_EQ(nearest("allow", std::vector<std::string>{}), "");
}

}  // namespace
}  // namespace rcb
