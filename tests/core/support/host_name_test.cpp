#include "core/support/host_name.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

TEST(HostName, IsLowerCaseOrAnIpv4Address) {
  EXPECT_EQ(parseHostName("API.Example"), "api.example");
  EXPECT_EQ(parseHostName("a"), "a");
  EXPECT_EQ(parseHostName("under_score._x.test"), "under_score._x.test");
  EXPECT_EQ(parseHostName("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(parseHostName("1.2.3.4a"), "1.2.3.4a");
}

TEST(HostName, HasLabelsOfLettersDigitsAndInnerHyphens) {
  for (const std::string_view text : {"", ".", "a.", ".a", "a..b", "-a", "a-", "a.-b", "a-.b", "a b", "a:1", "::1",
                                      "::ffff:10.0.0.1", "[::1]", "*.a", "a/b", "a%41", "\xc3\xa4.test"}) {
    EXPECT_FALSE(parseHostName(text)) << text;
    EXPECT_FALSE(isDnsName(text)) << text;
  }
}

TEST(HostName, IsNoNumberThatResolversWouldGuessAnAddressFrom) {
  for (const std::string_view text :
       {"1", "127.1", "0x7f.0.0.1", "0x7f000001", "a.0x1", "017.0.0.1", "1.2.3.256", "1.2.3.4.5", "a.test.5"}) {
    EXPECT_FALSE(parseHostName(text)) << text;
  }
}

TEST(HostName, HasTheLimitsOfDns) {
  const std::string label(63, 'x');
  EXPECT_TRUE(parseHostName(label + ".test"));
  EXPECT_FALSE(parseHostName(label + "x.test"));
  const std::string longest = label + '.' + label + '.' + label + '.' + std::string(61, 'x');
  EXPECT_TRUE(parseHostName(longest));
  EXPECT_FALSE(parseHostName(longest + 'x'));
}

TEST(DnsName, IsOfAnyLengthAndHasNoUnderscore) {
  for (const std::string_view text : {"a", "GCR.io", "a-b.c", "10.0.0.1", "10.any.0.1", "1"}) {
    EXPECT_TRUE(isDnsName(text)) << text;
  }
  EXPECT_TRUE(isDnsName(std::string(300, 'x')));
  EXPECT_FALSE(isDnsName("my_registry.io"));
}

}  // namespace
}  // namespace rcb
