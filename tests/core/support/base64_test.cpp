#include "core/support/base64.hpp"

#include "core/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

// What the body decodes to, or "refused".
std::string pem(std::string_view body) {
  std::vector<unsigned char> buffer;
  const auto bytes = decodePemBody(body, buffer);
  return bytes ? std::string(bytes->begin(), bytes->end()) : "refused";
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

TEST(Base64, ReadsEveryTextAsGoDoes) {
  std::ifstream file(RCB_SOURCE_DIR "/tests/core/support/vectors/go-base64.jsonl");
  int rows = 0;
  for (std::string line; std::getline(file, line); ++rows) {
    SCOPED_TRACE(line);
    const auto row = parseJson(line);
    const Json& read = std::get<Json>(row);
    const auto bytes = decodeBase64(*read.find("text")->string());
    ASSERT_EQ(bytes.has_value(), !read.find("bytes")->isNull());
    if (!bytes) continue;
    std::string hex;
    for (const char byte : bytes->reveal()) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    EXPECT_EQ(hex, *read.find("bytes")->string());
  }
  EXPECT_GT(rows, 500);
}

TEST(Base64, SkipsLineEndsWhereverTheyAre) {
  for (const std::string_view text :
       {"Zm9vYmE=\n", "Zm9v\nYmE=", "Zm9v\r\nYmE=\r\n", "\nZm9vYmE=", "Zm9vYmE\n=", "Zm9vYmE\n"}) {
    EXPECT_EQ(standard(text), "fooba") << text;
  }
}

TEST(Base64, RefusesWrongPadding) {
  for (const std::string_view text :
       {"=", "==", "====", "Zg=", "Zm8==", "Z===", "Zm9v=", "Zm9v====", "Zg==Zg==", "=Zg=", "Zm9=v", "Zg==Zg"}) {
    EXPECT_EQ(standard(text), "refused") << text;
  }
}

TEST(Base64, RefusesStrayCharacters) {
  for (const std::string_view text : {" Zm9v", "Zm9v ", "Zm 9v", "Zm9v\t", "Zm9-", "Zm9_", "Zm9\xc3", "Zm9."})
    EXPECT_EQ(standard(text), "refused");
  EXPECT_EQ(standard(std::string_view("Zm9\0", 4)), "refused");
}

TEST(Base64, RefusesALengthThatNoBytesHave) {
  EXPECT_EQ(standard("A"), "refused");
  EXPECT_EQ(standard("Zm9vY"), "refused");
  EXPECT_EQ(url("Zm9vY"), "refused");
}

TEST(Base64, IgnoresLeftOverBits) {
  EXPECT_EQ(standard("Zh=="), "f");
  EXPECT_EQ(standard("Zm9="), "fo");
}

TEST(Base64Url, RefusesASecondSpellingOfTheSameBytes) {
  for (const std::string_view text : {"Zh", "Zm9", "Zg\n", "Z\ng"}) EXPECT_EQ(url(text), "refused") << text;
}

TEST(Base64Url, HasItsOwnAlphabetAndNoPadding) {
  EXPECT_EQ(url("-_-_"), "\xfb\xff\xbf");
  EXPECT_EQ(standard("+/+/"), "\xfb\xff\xbf");
  for (const std::string_view text : {"+/+/", "Zg==", "Zg=", "-_-_\n"}) EXPECT_EQ(url(text), "refused") << text;
}

TEST(Base64, IsAsLenientInTheOtherAlphabet) {
  const auto other = [](std::string_view text) {
    const auto bytes = decodeBase64(text, Base64Alphabet::kUrl);
    return bytes ? std::string(bytes->reveal()) : "refused";
  };
  EXPECT_EQ(other("-_-_"), "\xfb\xff\xbf");
  EXPECT_EQ(other("-_9=\n"), "\xfb\xff");
  EXPECT_EQ(other("-_\n9"), "\xfb\xff");
  for (const std::string_view text : {"+/+/", "-/-/", "+_+_", "-_-_-", "-_9==", "-_ 9"})
    EXPECT_EQ(other(text), "refused") << text;
}

TEST(Base64, EncodesTheExamplesOfTheStandard) {
  const std::pair<const char*, const char*> examples[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"\xfb\xff\xbf", "+/+/"}};
  for (const auto& [bytes, text] : examples) EXPECT_EQ(encodeBase64(bytes).reveal(), text);
}

TEST(Base64, ReversesItsEncoding) {
  std::mt19937 random(1);
  for (std::size_t length = 0; length < 100; ++length) {
    std::string bytes;
    for (std::size_t i = 0; i < length; ++i) bytes += static_cast<char>(random() & 0xff);
    EXPECT_EQ(url(encodeBase64Url(bytes)), bytes);
    EXPECT_EQ(encodeBase64(bytes, Base64Alphabet::kUrl).reveal(), encodeBase64Url(bytes));
    EXPECT_EQ(standard(encodeBase64(bytes).reveal()), bytes);
    EXPECT_EQ(pem(encodeBase64(bytes).reveal()), bytes);
  }
}

TEST(PemBody, IsBase64WithWhiteSpaceAnywhere) {
  EXPECT_EQ(pem("Zm9vYmFy"), "foobar");
  EXPECT_EQ(pem("Zm9vYmFy\n"), "foobar");
  EXPECT_EQ(pem("Zm9v\r\nYmFy\r\n"), "foobar");
  EXPECT_EQ(pem(" Z\tm9 vY\nmFy"), "foobar");
  EXPECT_EQ(pem("Zm8="), "fo");
  EXPECT_EQ(pem("Zm9vZg = =\n\n"), "foof");
  EXPECT_EQ(pem("+/+/"), "\xfb\xff\xbf");
  EXPECT_EQ(pem(""), "");
  EXPECT_EQ(pem("\n \n"), "");
}

TEST(PemBody, IsRefusedWithAnythingElse) {
  for (const std::string_view body : {"Zm9", "Z", "Zm9vZ", "=", "Z===", "Zm9=v", "Zg==Zg==", "Zm8=\nZm9v", "Zm9v=",
                                      "Zm9v====", "Zm!v", "Zm9vZm-v", "Zm9v_m9v", "Zm9\xc3", "Zm9v\nComment: x\n"}) {
    EXPECT_EQ(pem(body), "refused") << body;
  }
  EXPECT_EQ(pem(std::string_view("Zm9\0", 4)), "refused");
}

TEST(PemBody, UsesABufferAgain) {
  std::vector<unsigned char> buffer;
  decodePemBody("Zm9vYmFy", buffer);
  const auto shorter = decodePemBody("eA==", buffer);
  ASSERT_TRUE(shorter);
  EXPECT_EQ(std::string(shorter->begin(), shorter->end()), "x");
}

}  // namespace
}  // namespace rcb
