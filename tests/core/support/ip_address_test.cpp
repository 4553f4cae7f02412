#include "core/support/ip_address.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

TEST(IpAddress, HasOneTextForEveryNotation) {
  const std::pair<const char*, const char*> cases[] = {{"127.0.0.1", "127.0.0.1"},      {"::1", "::1"},
                                                       {"0:0:0:0:0:0:0:1", "::1"},      {"FD00::A", "fd00::a"},
                                                       {"::ffff:10.0.0.1", "10.0.0.1"}, {"::", "::"}};
  for (const auto& [text, expected] : cases) {
    const auto address = parseIpAddress(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), expected);
  }
}

TEST(IpAddress, RefusesWhatResolversWouldGuess) {
  for (const char* text : {"", "127.1", "1", "0x7f.0.0.1", "0177.0.0.1", "1.2.3.4.5", "1.2.3.256", " 1.2.3.4",
                           "1.2.3.4 ", "[::1]", "fe80::1%eth0", "::1::", "12345::", "localhost"}) {
    EXPECT_FALSE(parseIpAddress(text)) << text;
  }
  EXPECT_FALSE(parseIpAddress(std::string_view("127.0.0.1\0.evil", 15)));
  EXPECT_FALSE(parseIpAddress(std::string(100'000, '1')));
}

TEST(IpAddress, KnowsLoopback) {
  for (const char* text : {"127.0.0.1", "127.255.1.2", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(parseIpAddress(text)->isLoopback()) << text;
  for (const char* text : {"128.0.0.1", "10.0.0.1", "::", "::2", "::7f00:1"})
    EXPECT_FALSE(parseIpAddress(text)->isLoopback()) << text;
}

TEST(IpNetwork, ContainsWhatSharesItsPrefix) {
  struct Case {
    const char* network;
    const char* address;
    bool contained;
  };
  const Case cases[] = {{"10.0.0.0/8", "10.255.1.2", true},
                        {"10.0.0.0/8", "11.0.0.0", false},
                        {"10.1.2.3/9", "10.127.0.1", true},
                        {"10.1.2.3/9", "10.128.0.1", false},
                        {"0.0.0.0/0", "8.8.8.8", true},
                        {"0.0.0.0/0", "fd00::1", false},
                        {"10.1.2.3/32", "10.1.2.3", true},
                        {"10.1.2.3/32", "10.1.2.2", false},
                        {"fd00::/8", "fdff::1", true},
                        {"fd00::/8", "fe00::1", false},
                        {"::/0", "fd00::1", true},
                        {"::/0", "10.0.0.1", true},
                        {"fd00::1/128", "fd00::1", true},
                        {"fd00::1/128", "fd00::2", false},
                        {"::ffff:10.0.0.0/104", "10.9.9.9", true}};
  for (const Case& expected : cases) {
    EXPECT_EQ(parseIpNetwork(expected.network)->contains(*parseIpAddress(expected.address)), expected.contained)
        << expected.network << ' ' << expected.address;
  }
}

TEST(IpNetwork, RefusesMalformedNotation) {
  for (const char* text :
       {"", "/", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/ 8", "10/8",
        "fd00::/129", "10.0.0.0/8/8", "10.0.0.0/99999999999999999999", "host/8", "::ffff:10.0.0.0/129"}) {
    EXPECT_FALSE(parseIpNetwork(text)) << text;
  }
}

}  // namespace
}  // namespace rcb
