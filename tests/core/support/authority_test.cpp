#include "core/support/authority.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

// "host", "[host]" if it was in brackets, and the port behind a '|' if there is one.
std::string parts(std::string_view text) {
  const Authority authority = splitAuthority(text);
  std::string shown(authority.host);
  if (authority.bracketed) shown = '[' + shown + ']';
  if (authority.port) shown += '|' + std::string(*authority.port);
  return shown;
}

TEST(Authority, HasAHostAndMayHaveAPort) {
  EXPECT_EQ(parts("a.test"), "a.test");
  EXPECT_EQ(parts("a.test:443"), "a.test|443");
  EXPECT_EQ(parts("a.test:"), "a.test|");
  EXPECT_EQ(parts(":443"), "|443");
  EXPECT_EQ(parts(""), "");
  EXPECT_EQ(parts("[::1]"), "[::1]");
  EXPECT_EQ(parts("[::1]:443"), "[::1]|443");
  EXPECT_EQ(parts("[]:443"), "[]|443");
}

TEST(Authority, WithSeveralColonsIsAllHost) {
  EXPECT_EQ(parts("::1"), "::1");
  EXPECT_EQ(parts("a:1:2"), "a:1:2");
  EXPECT_EQ(parts("x[::1]:443"), "x[::1]:443");
}

TEST(Authority, GivesNoValidPortForWhatFollowsABracket) {
  for (const std::string_view text : {"[::1]443", "[::1]x:443", "[::1][::1]:443", "[::1] :443", "[[::1]]:443"}) {
    const Authority authority = splitAuthority(text);
    ASSERT_TRUE(authority.port) << text;
    EXPECT_FALSE(parsePort(*authority.port)) << text;
  }
}

TEST(Authority, KeepsABracketThatIsNotClosed) {
  const Authority authority = splitAuthority("[::1:443");
  EXPECT_EQ(authority.host, "[::1:443");
  EXPECT_TRUE(authority.bracketed);
  EXPECT_FALSE(authority.port);
}

TEST(Authority, IsJoinedWithBracketsAroundAnIpv6Address) {
  EXPECT_EQ(joinAuthority("::1", 443), "[::1]:443");
  EXPECT_EQ(joinAuthority("a", 8443), "a:8443");
  EXPECT_EQ(joinAuthority("10.0.0.1", 1), "10.0.0.1:1");
}

TEST(Port, IsANumberFrom1To65535) {
  EXPECT_EQ(parsePort("1"), 1);
  EXPECT_EQ(parsePort("443"), 443);
  EXPECT_EQ(parsePort("65535"), 65535);
  EXPECT_EQ(parsePort("00443"), 443);
  for (const std::string_view text : {"", "0", "00000", "65536", "99999", "000443", "18446744073709551617", "-1", "+1",
                                      " 1", "1 ", "0x50", "http", "1:2", "1.0"}) {
    EXPECT_FALSE(parsePort(text)) << text;
  }
  EXPECT_FALSE(parsePort(std::string_view("80\0", 3)));
}

}  // namespace
}  // namespace rcb
