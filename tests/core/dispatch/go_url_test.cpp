#include "core/dispatch/go_url.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

// "host|port|path", or "!" with the reason.
std::string parsed(std::string_view text) {
  std::string reason;
  const auto url = parseGoUrl(text, reason);
  return url ? url->host + "|" + url->port + "|" + url->path : "!" + reason;
}

bool fails(std::string_view text) { return parsed(text).front() == '!'; }

TEST(GoUrl, TakesHostPortAndPathApart) {
  EXPECT_EQ(parsed("gcr.io"), "gcr.io||");
  EXPECT_EQ(parsed("gcr.io:443/a/b"), "gcr.io|443|/a/b");
  EXPECT_EQ(parsed("gcr.io/"), "gcr.io||/");
  EXPECT_EQ(parsed(""), "||");
  EXPECT_EQ(parsed("/only/path"), "||/only/path");
}

TEST(GoUrl, DropsAnEmptyPort) { EXPECT_EQ(parsed("gcr.io:/a"), "gcr.io||/a"); }

TEST(GoUrl, ReadsASchemeAsAHost) { EXPECT_EQ(parsed("https://gcr.io/a"), "https||//gcr.io/a"); }

TEST(GoUrl, DropsUserInformationQueryAndFragment) {
  EXPECT_EQ(parsed("user:pw@gcr.io/a"), "gcr.io||/a");
  EXPECT_EQ(parsed("a@b@gcr.io"), "gcr.io||");
  EXPECT_EQ(parsed("gcr.io/a?b/c"), "gcr.io||/a");
  EXPECT_EQ(parsed("gcr.io#b?c/d"), "gcr.io||");
}

TEST(GoUrl, RefusesUserInformationWithOtherSigns) {
  EXPECT_TRUE(fails("us er@gcr.io"));
  EXPECT_TRUE(fails("us%zzer@gcr.io"));
  EXPECT_TRUE(fails("u[er@gcr.io"));
}

TEST(GoUrl, RefusesControlCharactersButNotInAFragment) {
  for (const std::string_view text : {"gcr.io\n/a", "\t", "gcr.io/\x7f", "gcr.io?\x01"}) EXPECT_TRUE(fails(text));
  EXPECT_TRUE(fails(std::string_view("gcr.io\0", 7)));
  EXPECT_EQ(parsed("gcr.io/a#\n\x7f"), "gcr.io||/a");
}

TEST(GoUrl, ChecksTheEscapesOfAFragment) { EXPECT_TRUE(fails("gcr.io#%zz")); }

TEST(GoUrl, RefusesAPortThatIsNoNumber) {
  for (const std::string_view text :
       {"gcr.io:port", "gcr.io:*", "gcr.io:-1", "gcr.io:1:2", "::1", "[::1]:x", "[::1]x"}) {
    EXPECT_TRUE(fails(text)) << text;
  }
}

TEST(GoUrl, DecodesEscapesInThePath) {
  EXPECT_EQ(parsed("gcr.io/t%65am%2Fapp"), "gcr.io||/team/app");
  EXPECT_EQ(parsed("gcr.io/%ff"), "gcr.io||/\xff");
}

TEST(GoUrl, RefusesBrokenEscapes) {
  for (const std::string_view text : {"gcr.io/%", "gcr.io/%4", "gcr.io/%4g", "gcr.io/%g4", "%", "gcr%zz.io"}) {
    EXPECT_TRUE(fails(text)) << text;
  }
}

TEST(GoUrl, AllowsInAHostOnlyEscapesOfBytesOutsideAscii) {
  EXPECT_EQ(parsed("b%c3%bccher.example"),
            "b\xc3\xbc"
            "cher.example||");
  EXPECT_EQ(parsed("gcr%25.io"), "gcr%.io||");
  EXPECT_TRUE(fails("gcr%41.io"));
  EXPECT_TRUE(fails("gcr%2F.io"));
}

TEST(GoUrl, AllowsFewSignsInAHost) {
  EXPECT_EQ(parsed("<a>\"!$&'()*+,;=-_~.io"), "<a>\"!$&'()*+,;=-_~.io||");
  for (const char sign : std::string_view("\\ ^{}|`")) EXPECT_TRUE(fails("a" + std::string(1, sign) + "b.io")) << sign;
}

TEST(GoUrl, StripsBracketsOnlyWhereThereIsAPort) {
  EXPECT_EQ(parsed("[::1]:5000/a"), "::1|5000|/a");
  EXPECT_EQ(parsed("[::1]/a"), "[::1]||/a");
  EXPECT_EQ(parsed("[::1]:/a"), "::1||/a");
}

TEST(GoUrl, RefusesBracketsAroundAnythingButAnIpv6Address) {
  for (const std::string_view text : {"[a.io", "a[.io", "a[0-9].io", "[*]", "[*]:5000", "[10.0.0.1]", "[]", "[::g]",
                                      "[::1", "[::1][::2]", "[v1.x]", "[::1%25a]x[::2]"}) {
    EXPECT_TRUE(fails(text)) << text;
  }
  EXPECT_EQ(parsed("gcr.io]"), "gcr.io]||");
}

TEST(GoUrl, KeepsTheZoneOfAnIpv6Address) {
  EXPECT_EQ(parsed("[fe80::1%25eth0]:5000"), "fe80::1%eth0|5000|");
  EXPECT_EQ(parsed("[fe80::1%25a%25%20]:1"), "fe80::1%a% |1|");
  EXPECT_TRUE(fails("[fe80::1%25]"));
  EXPECT_TRUE(fails("[fe80::1%25%2F]"));
  EXPECT_TRUE(fails("[fe80::1%25%ff]"));
  EXPECT_TRUE(fails("[fe80::1%eth0]"));
}

TEST(GoUrl, SaysWhyItRefuses) {
  EXPECT_EQ(parsed("gcr.io:x"), "!its port is not a number");
  EXPECT_EQ(parsed("gcr.io/%zz"), "!it contains the invalid escape \"%zz\"");
  EXPECT_EQ(parsed("a b"), "!its host contains the invalid character ' '");
  EXPECT_EQ(parsed("[a"), "!its host has a '[' without a matching ']'");
}

}  // namespace
}  // namespace rcb
