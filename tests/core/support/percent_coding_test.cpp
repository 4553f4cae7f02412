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

std::string decoded(std::string_view text) {
  const auto bytes = decodePercent(text);
  return bytes ? std::string(bytes->reveal()) : "refused";
}

TEST(PercentCoding, KeepsUnreservedCharactersOnly) {
  EXPECT_EQ(encodePercent("azAZ09-._~").reveal(), "azAZ09-._~");
  EXPECT_EQ(encodePercent("a b+c/d?e=f&g%").reveal(), "a%20b%2Bc%2Fd%3Fe%3Df%26g%25");
  EXPECT_EQ(encodePercent("\xc3\xa4").reveal(), "%C3%A4");
  EXPECT_EQ(encodePercent("").reveal(), "");
}

TEST(PercentCoding, DecodesWhatItEncodes) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  EXPECT_EQ(decoded(encodePercent(bytes).reveal()), bytes);
  EXPECT_EQ(decoded("%c3%A4 a+b"), "\xc3\xa4 a+b");
}

TEST(PercentCoding, RefusesAPercentSignThatBeginsNoEscape) {
  for (const char* text : {"%", "%2", "a%2", "%zz", "100% sure", "%%41", "%41%"}) {
    EXPECT_EQ(decoded(text), "refused") << text;
  }
}

}  // namespace
}  // namespace rcb
