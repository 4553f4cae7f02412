#include "core/modules/credential_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

// What is wrong, or "".
std::string ofUserName(std::string_view text) {
  const auto fault = findUserNameFault(text);
  return fault ? fault->what : "";
}
std::string ofPassword(std::string_view text, bool issued = false) {
  const auto fault = findPasswordFault(text, issued);
  return fault ? fault->what : "";
}

TEST(UserNameText, IsOneLineWithoutAColon) {
  for (const std::string_view name : {"a", "_json_key", "<token>", "robot$team+x", "the user", "p\xc3\xa4ul"}) {
    EXPECT_EQ(ofUserName(name), "") << name;
  }
  EXPECT_EQ(ofUserName("pu:ll"), "contains a ':', which separates it from the password");
  for (const std::string_view name : {"a\nb", "a\n", "\na", "a\r", "a\r\nb\r\n"}) {
    EXPECT_EQ(ofUserName(name), "has more than one line") << name;
  }
  for (const std::string_view name : {"abc\t", "abc\x7f", "abc\x1b[31m"}) {
    EXPECT_EQ(ofUserName(name), "contains a control character at byte 4") << name;
  }
}

TEST(PasswordText, MayHaveSeveralLines) {
  for (const std::string_view password :
       {"x", " x ", "a:b", "a\nb", "a\r\nb", "a\nb\n", "\na\nb\n\n", "a\tb", "a\x1b\x7f\x01"}) {
    EXPECT_EQ(ofPassword(password), "") << password;
  }
}

TEST(PasswordText, OfOneLineHasNoLineEndAroundIt) {
  for (const std::string_view password : {"x\n", "x\r\n", "\nx", "\n\nx\n\n", "x y\n", "x\r"}) {
    EXPECT_EQ(ofPassword(password), "begins or ends with a line break") << password;
  }
}

TEST(PasswordText, ThatAServerIssuedHasNoControlCharacters) {
  EXPECT_EQ(ofPassword("eyJhbGciOi.J9-_", true), "");
  EXPECT_EQ(ofPassword("a\nb", true), "contains a control character at byte 2");
  EXPECT_EQ(ofPassword("a\n", true), "contains a control character at byte 2");
  EXPECT_EQ(ofPassword("\x7f", true), "contains a control character at byte 1");
}

TEST(CredentialText, IsNeverEmptyWhiteSpaceTooLongOrOfAnotherEncoding) {
  using namespace std::string_literals;
  const std::pair<std::string, const char*> texts[] = {
      {"", "is empty"},
      {"\n", "contains only whitespace"},
      {" \t\r\n", "contains only whitespace"},
      {std::string(kCredentialLimit + 1, 'x'), "is 65537 bytes long, above the limit of 65536"},
      {"\xff\xfe"s, "is UTF-16, not UTF-8"},
      {"a\0"s, "is UTF-16, not UTF-8"},
      {"ab\0"s, "contains a NUL byte at byte 3"},
      {"\xef\xbb\xbf"s, "begins with a UTF-8 byte order mark"},
      {"\xe4", "is not valid UTF-8 at byte 1"},
  };
  for (const auto& [text, what] : texts) {
    EXPECT_EQ(ofUserName(text), what);
    EXPECT_EQ(ofPassword(text), what);
    EXPECT_EQ(ofPassword(text, true), what);
    EXPECT_NE(findPasswordFault(text, false)->advice, "") << what;
  }
  EXPECT_EQ(ofPassword(std::string(kCredentialLimit, 'x')), "");
}

}  // namespace
}  // namespace rcb
