#include "core/support/hex.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

std::string decoded(std::string_view text) {
  const auto bytes = decodeHex(text);
  return bytes ? std::string(bytes->reveal()) : "refused";
}

// The examples of RFC 4648 section 10, in lowercase.
TEST(Hex, IsThatOfTheStandard) {
  const std::pair<const char*, const char*> examples[] = {
      {"", ""}, {"f", "66"}, {"fo", "666f"}, {"foo", "666f6f"}, {"foob", "666f6f62"}, {"foobar", "666f6f626172"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(encodeHex(bytes).reveal(), text);
    EXPECT_EQ(decoded(text), bytes);
  }
}

TEST(Hex, IsReadInEitherCase) {
  EXPECT_EQ(decoded("fFaB00"), std::string("\xff\xab\0", 3));
  EXPECT_EQ(encodeHex("\xff\xab").reveal(), "ffab");
}

TEST(Hex, IsNothingElse) {
  for (const char* text : {"f", "666", "6g", "g6", "0x66", "66 6f", "66\n", "-1", "\xc3\xa4"}) {
    EXPECT_EQ(decoded(text), "refused") << text;
  }
}

}  // namespace
}  // namespace rcb
