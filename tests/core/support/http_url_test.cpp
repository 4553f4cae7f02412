#include "core/support/http_url.hpp"

#include "tests/support/error_matchers.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::throwsError;
using testing::HasSubstr;
using testing::Not;
using testing::Property;
using testing::Throws;

TEST(HttpUrl, SplitsIntoHostPortAndTarget) {
  struct Case {
    const char* text;
    const char* host;
    int port;
    const char* target;
    const char* authority;
  };
  const Case cases[] = {
      {"https://api.cloudsmith.io/openid/acme/", "api.cloudsmith.io", 443, "/openid/acme/", "api.cloudsmith.io"},
      {"HTTPS://API.Example:8443", "api.example", 8443, "/", "api.example:8443"},
      {"https://a:443/x?y=z", "a", 443, "/x?y=z", "a"},
      {"https://a?y=z", "a", 443, "/?y=z", "a"},
      {"https://10.0.0.1/", "10.0.0.1", 443, "/", "10.0.0.1"},
      {"https://[FD00::0:1]:5000/v2/", "fd00::1", 5000, "/v2/", "[fd00::1]:5000"},
      {"https://[::1]/", "::1", 443, "/", "[::1]"},
      {"https://under_score.test/%2F%c3%a4?a=%20", "under_score.test", 443, "/%2F%c3%a4?a=%20", "under_score.test"},
      {"https://xn--bcher-kva.test/", "xn--bcher-kva.test", 443, "/", "xn--bcher-kva.test"},
      {"https://a/b:c@d/e;f=g,h", "a", 443, "/b:c@d/e;f=g,h", "a"},
      {"https://a/...", "a", 443, "/...", "a"},
      {"https://a/?next=/../x", "a", 443, "/?next=/../x", "a"},
  };
  for (const Case& expected : cases) {
    const HttpUrl url = parseHttpUrl(expected.text);
    EXPECT_EQ(url.host, expected.host) << expected.text;
    EXPECT_EQ(url.port, expected.port) << expected.text;
    EXPECT_EQ(url.target, expected.target) << expected.text;
    EXPECT_EQ(url.authority(), expected.authority) << expected.text;
  }
}

TEST(HttpUrl, SaysWhichRuleIsBroken) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "does not begin with https://"},
      {"http://a/", "does not begin with https://"},
      {"//a/", "does not begin with https://"},
      {"https:/a/", "does not begin with https://"},
      {"https:a", "does not begin with https://"},
      {"ftp://a/", "does not begin with https://"},
      {"https://", "neither a DNS name nor an IP address"},
      {"https:///path", "neither a DNS name nor an IP address"},
      {"https://a@b/", "user information"},
      {"https://registry.test:443@evil.test/", "user information"},
      {"https://a/#b", "fragment"},
      {"https://a#@b/", "fragment"},
      {"https://a b/", "a space"},
      {"https://a/\r\nX: y", "control character"},
      {"https://a/\t", "a space"},
      {"https://\xc3\xa4.test/", "non-ASCII"},
      {"https://a/\xc3\xa4", "non-ASCII"},
      {"https://a./", "neither a DNS name"},
      {"https://.a/", "neither a DNS name"},
      {"https://a..b/", "neither a DNS name"},
      {"https://-a/", "neither a DNS name"},
      {"https://a-.b/", "neither a DNS name"},
      {"https://a%2eb/", "neither a DNS name"},
      {"https://*.a/", "neither a DNS name"},
      {"https://a\\@b/", "user information"},
      {"https://a\\b/", "neither a DNS name"},
      {"https://127.1/", "neither a DNS name"},
      {"https://2130706433/", "neither a DNS name"},
      {"https://0x7f000001/", "neither a DNS name"},
      {"https://0x7f.1/", "neither a DNS name"},
      {"https://017700000001/", "neither a DNS name"},
      {"https://1.2.3.256/", "neither a DNS name"},
      {"https://::1/", "neither a DNS name"},
      {"https://[::1/", "not a valid IPv6 address"},
      {"https://[]/", "not a valid IPv6 address"},
      {"https://[127.0.0.1]/", "not a valid IPv6 address"},
      {"https://[::ffff:127.0.0.1]/", "not a valid IPv6 address"},
      {"https://[fe80::1%25eth0]/", "not a valid IPv6 address"},
      {"https://[::1]x/", "port"},
      {"https://[::1]443/", "port"},
      {"https://::ffff:127.0.0.1/", "neither a DNS name"},
      {"https://a:/", "port"},
      {"https://a:0/", "port"},
      {"https://a:65536/", "port"},
      {"https://a:-1/", "port"},
      {"https://a:+1/", "port"},
      {"https://a:1 /", "a space"},
      {"https://a:000443/", "port"},
      {"https://a:1:2/", "neither a DNS name"},
      {"https://a/%", "two hexadecimal digits"},
      {"https://a/%2", "two hexadecimal digits"},
      {"https://a/%zz", "two hexadecimal digits"},
      {"https://a/?%", "two hexadecimal digits"},
      {"https://a/<x>", "percent-encoded"},
      {"https://a/\"", "percent-encoded"},
      {"https://a/b\\c", "percent-encoded"},
      {"https://a/{x}", "percent-encoded"},
      {"https://a/x|y", "percent-encoded"},
      {"https://a/../b", "'..' segment"},
      {"https://a/b/..", "'..' segment"},
      {"https://a/./b", "'..' segment"},
      {"https://a/%2e%2E/b", "'..' segment"},
      {"https://a/.%2e/b", "'..' segment"},
  };
  for (const auto& [text, reason] : cases) {
    const char* candidate = text;
    EXPECT_THAT([&] { parseHttpUrl(candidate); }, throwsError(ErrorCode::kSettingsInvalid, reason)) << text;
  }
}

TEST(HttpUrl, HasLimits) {
  EXPECT_NO_THROW(parseHttpUrl("https://a/" + std::string(8182, 'x')));
  EXPECT_THAT([] { parseHttpUrl("https://a/" + std::string(8183, 'x')); },
              throwsError(ErrorCode::kSettingsInvalid, "8 KiB"));
  EXPECT_NO_THROW(parseHttpUrl("https://" + std::string(63, 'x') + ".test/"));
  EXPECT_THAT([] { parseHttpUrl("https://" + std::string(64, 'x') + ".test/"); },
              throwsError(ErrorCode::kSettingsInvalid));
  std::string longName;
  for (int i = 0; i < 127; ++i) longName += "a.";
  EXPECT_THAT([&] { parseHttpUrl("https://" + longName + "a/"); }, throwsError(ErrorCode::kSettingsInvalid));
}

// Settings take what requests take, and nothing else.
TEST(HttpUrl, FindsAFaultExactlyWhereItCannotBeParsed) {
  for (const char* text : {"https://a", "HTTPS://a:8443/x?y", "https://[::1]/", "http://a", "https://", "https://a#b",
                           "https://u@a", "https://a/%", "a", "", "https://a b", "https://a/.."}) {
    const std::string fault = httpUrlFault(text);
    if (fault.empty()) {
      EXPECT_NO_THROW(parseHttpUrl(text)) << text;
    } else {
      EXPECT_THAT([&] { parseHttpUrl(text); }, throwsError(ErrorCode::kSettingsInvalid, fault)) << text;
    }
  }
}

TEST(HttpHost, IsWhatAUrlHasBeforeItsPath) {
  for (const std::string text :
       {"a",     "A.Example",  "a_b.test",    "10.0.0.1", "a:8443", "10.0.0.1:1", "[fd00::1]", "[FD00:0::1]:5000",
        "a:443", "",           ":443",        "a:",       "a:0",    "a:65536",    "a:x",       "::1",
        "[::1",  "[10.0.0.1]", "[::1]x",      "1.2.3",    "0x7f",   "-a",         "a-",        "a..b",
        "a b",   "a\tb",       "h\xc3\xb6st", "https:",   "*.a",    "a.",         "a:1:2",     "a,b"}) {
    const std::string fault = httpHostFault(text);
    ASSERT_EQ(fault.empty(), httpUrlFault("https://" + text + "/v2/").empty()) << text;
    if (fault.empty()) {
      const HttpHost host = parseHttpHost(text);
      const HttpUrl url = parseHttpUrl("https://" + text + "/v2/");
      EXPECT_EQ(host.name, url.host) << text;
      EXPECT_EQ(host.port, url.port) << text;
    } else {
      EXPECT_THAT([&] { parseHttpHost(text); },
                  throwsError(ErrorCode::kSettingsInvalid, "the host is refused: " + fault))
          << text;
    }
  }
}

TEST(HttpHost, HasNothingElseOfAUrl) {
  for (const char* text : {"https://a", "a/", "a/b", "a?b", "a#b", "user@a", "user:x@a"}) {
    EXPECT_NE(httpHostFault(text), "") << text;
  }
}

TEST(HttpUrl, NeverQuotesWhatItRefuses) {
  EXPECT_THAT([] { parseHttpUrl("https://user:hunter2@a/"); },
              Throws<Error>(Property(&Error::line, Not(HasSubstr("hunter2")))));
  EXPECT_THAT([] { parseHttpUrl("https://a/?token=hunter2 "); },
              Throws<Error>(Property(&Error::line, Not(HasSubstr("hunter2")))));
}

}  // namespace
}  // namespace rcb
