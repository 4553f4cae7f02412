#include "core/support/percent_coding.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

TEST(PercentCoding, IsReadInEitherCase) {
  EXPECT_EQ(readEscape("%2F"), '/');
  EXPECT_EQ(readEscape("%2f/x"), '/');
  EXPECT_EQ(readEscape("%00"), '\0');
  EXPECT_EQ(readEscape("%fF"), '\xff');
}

TEST(PercentCoding, HasTwoHexadecimalDigits) {
  for (const std::string_view text : {"", "%", "%2", "%zz", "%2g", "%g2", "%%41", "%+1", "% 1", "41", "x%41"}) {
    EXPECT_FALSE(readEscape(text)) << text;
  }
}

TEST(PercentCoding, ReversesItself) {
  for (int byte = 0; byte < 256; ++byte) {
    const auto escape = escapeOf(static_cast<char>(byte));
    EXPECT_EQ(readEscape({escape.data(), escape.size()}), static_cast<char>(byte));
  }
  const auto escape = escapeOf('\xaf');
  EXPECT_EQ(std::string(escape.data(), escape.size()), "%AF");
}

}  // namespace
}  // namespace rcb
