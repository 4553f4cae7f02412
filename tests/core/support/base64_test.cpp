#include "core/support/base64.hpp"

#include <gtest/gtest.h>

#include <random>

namespace rcb {
namespace {

// What the text decodes to, or "refused".
std::string standard(std::string_view text) {
  const auto bytes = decodeBase64(text);
  return bytes ? std::string(bytes->reveal()) : "refused";
}
std::string url(std::string_view text) {
  const auto bytes = decodeBase64Url(text);
  return bytes ? std::string(bytes->reveal()) : "refused";
}

TEST(Base64, DecodesTheExamplesOfTheStandard) {
  EXPECT_EQ(standard(""), "");
  EXPECT_EQ(standard("Zg=="), "f");
  EXPECT_EQ(standard("Zm8="), "fo");
  EXPECT_EQ(standard("Zm9v"), "foo");
  EXPECT_EQ(standard("Zm9vYmFy"), "foobar");
}

TEST(Base64, LetsPaddingBeLeftOut) {
  EXPECT_EQ(standard("Zg"), "f");
  EXPECT_EQ(standard("Zm8"), "fo");
}

TEST(Base64, RefusesWrongPadding) {
  for (const std::string_view text :
       {"=", "==", "====", "Zg=", "Zm8==", "Z===", "Zm9v=", "Zm9v====", "Zg==Zg==", "=Zg=", "Zm9=v"}) {
    EXPECT_EQ(standard(text), "refused") << text;
  }
}

TEST(Base64, RefusesStrayCharacters) {
  for (const std::string_view text : {"Zm9v\n", " Zm9v", "Zm 9v", "Zm9-", "Zm9_", "Zm9\xc3", "Zm9."})
    EXPECT_EQ(standard(text), "refused");
  EXPECT_EQ(standard(std::string_view("Zm9\0", 4)), "refused");
}

TEST(Base64, RefusesALengthThatNoBytesHave) {
  EXPECT_EQ(standard("A"), "refused");
  EXPECT_EQ(standard("Zm9vY"), "refused");
  EXPECT_EQ(url("Zm9vY"), "refused");
}

TEST(Base64, RefusesASecondSpellingOfTheSameBytes) {
  EXPECT_EQ(standard("Zh=="), "refused");
  EXPECT_EQ(standard("Zm9="), "refused");
  EXPECT_EQ(url("Zh"), "refused");
}

TEST(Base64Url, HasItsOwnAlphabetAndNoPadding) {
  EXPECT_EQ(url("-_-_"), "\xfb\xff\xbf");
  EXPECT_EQ(standard("+/+/"), "\xfb\xff\xbf");
  for (const std::string_view text : {"+/+/", "Zg==", "Zg=", "-_-_\n"}) EXPECT_EQ(url(text), "refused") << text;
}

TEST(Base64Url, ReversesItsEncoding) {
  std::mt19937 random(1);
  for (std::size_t length = 0; length < 100; ++length) {
    std::string bytes;
    for (std::size_t i = 0; i < length; ++i) bytes += static_cast<char>(random() & 0xff);
    EXPECT_EQ(url(encodeBase64Url(bytes)), bytes);
  }
}

}  // namespace
}  // namespace rcb
