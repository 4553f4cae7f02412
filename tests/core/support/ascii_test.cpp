#include "core/support/ascii.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

// All 256 that are in a class.
template <class Predicate>
std::string members(Predicate isMember) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) {
    if (isMember(static_cast<char>(byte))) all += static_cast<char>(byte);
  }
  return all;
}

TEST(Ascii, ClassesHoldTheirCharactersAndNoOtherByte) {
  EXPECT_EQ(members(isDigit), kDigits);
  EXPECT_EQ(members(isLower), kLower);
  EXPECT_EQ(members(isUpper), kUpper);
  EXPECT_EQ(members(isLetter), std::string(kUpper) + std::string(kLower));
  EXPECT_EQ(members(isAlnum), std::string(kDigits) + std::string(kUpper) + std::string(kLower));
  EXPECT_EQ(members([](char c) { return hexValue(c) >= 0; }), "0123456789ABCDEFabcdef");
}

TEST(Ascii, EveryCharacterIsEitherControlOrPrintable) {
  std::string controls;
  for (char c = 0; c < 0x20; ++c) controls += c;
  EXPECT_EQ(members(isControl), controls + '\x7f');
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(isPrintable(c), byte < 0x80 && !isControl(c)) << byte;
  }
}

TEST(Ascii, TrimsWhiteSpaceAroundATextAndNoneWithin) {
  EXPECT_EQ(trimmed(" \t\r\na b\n \t"), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed("\v\f\xa0"), "\v\f\xa0");
}

TEST(Ascii, OnlyCapitalsAreLowered) {
  EXPECT_EQ(members([](char c) { return lowered(c) != c; }), kUpper);
  for (std::size_t i = 0; i < kUpper.size(); ++i) EXPECT_EQ(lowered(kUpper[i]), kLower[i]);
}

TEST(Ascii, HexadecimalDigitsHaveTheirValueInBothCases) {
  for (int value = 0; value < 16; ++value) {
    EXPECT_EQ(hexValue("0123456789abcdef"[value]), value);
    EXPECT_EQ(hexValue("0123456789ABCDEF"[value]), value);
  }
}

TEST(Ascii, OneOfAFewIsNothingElse) {
  EXPECT_EQ(members([](char c) { return isOneOf(c, "/.\xff"); }), "./\xff");
  EXPECT_EQ(members([](char c) { return isOneOf(c, ""); }), "");
  EXPECT_TRUE(isOneOf('\0', std::string_view("a\0", 2)));
}

}  // namespace
}  // namespace rcb
