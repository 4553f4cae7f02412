#include "core/net/proxy.hpp"

#include "tests/support/error_matchers.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::throwsError;

HttpUrl urlOf(const std::string& authority) { return parseHttpUrl("https://" + authority + "/"); }

TEST(Proxy, IsReadFromItsUrl) {
  struct Case {
    const char* text;
    const char* host;
    int port;
    const char* authorization;
  };
  const Case cases[] = {
      {"http://proxy.test:3128", "proxy.test", 3128, ""},
      {"http://proxy.test", "proxy.test", 80, ""},
      {"HTTP://Proxy.Test:3128/", "proxy.test", 3128, ""},
      {"proxy.test:3128", "proxy.test", 3128, ""},
      {"10.0.0.1:3128", "10.0.0.1", 3128, ""},
      {"http://[fd00::1]:3128", "fd00::1", 3128, ""},
      {"http://user:pass@proxy.test:3128", "proxy.test", 3128, "Basic dXNlcjpwYXNz"},
      {"http://user@proxy.test", "proxy.test", 80, "Basic dXNlcjo="},
      {"http://u%40v:p%3Aq%25@proxy.test", "proxy.test", 80, "Basic dUB2OnA6cSU="},
      {"http://a:b@c@proxy.test", "proxy.test", 80, "Basic YTpiQGM="},
  };
  for (const Case& expected : cases) {
    const Proxy proxy = parseProxy(expected.text);
    EXPECT_EQ(proxy.host, expected.host) << expected.text;
    EXPECT_EQ(proxy.port, expected.port) << expected.text;
    EXPECT_EQ(proxy.authorization.reveal(), expected.authorization) << expected.text;
  }
}

TEST(Proxy, RefusesWhatItCannotUseAndNeverQuotesIt) {
  const std::pair<std::string, const char*> cases[] = {
      {"https://user:hunter2@proxy.test:3128", "over TLS (https://) is not supported"},
      {"socks5://user:hunter2@proxy.test", "only http:// proxies"},
      {"://user:hunter2@proxy.test", "only http:// proxies"},
      {"http://", "neither a DNS name"},
      {"http://user:hunter2@", "neither a DNS name"},
      {"http://user:hunter2@a b:80", "blank"},
      {"http://user:hunter2@a\r\nX: y", "control character"},
      {"http://user:hunter2%@a", "two hexadecimal digits"},
      {"http://user:hunter2%0@a", "two hexadecimal digits"},
      {"http://us%3aer:hunter2@a", "colon"},
      {"http://user:hunter2@a:0", "port"},
      {"http://user:hunter2@a:99999", "port"},
      {"http://user:hunter2@a:port", "port"},
      {"http://user:hunter2@[::1", "neither a DNS name"},
      {"http://user:hunter2@[::1]80", "neither a DNS name"},
      {"http://user:hunter2@127.1:80", "neither a DNS name"},
      {"http://hunter2" + std::string(5000, 'x'), "4 KiB"},
  };
  for (const auto& [text, reason] : cases) {
    const std::string candidate = text;
    EXPECT_THAT([&] { parseProxy(candidate); }, throwsError(ErrorCode::kSettingsInvalid, reason)) << text;
    EXPECT_THAT([&] { parseProxy(candidate); },
                testing::Throws<Error>(testing::Property(&Error::line, testing::Not(testing::HasSubstr("hunter2")))));
  }
}

TEST(Proxy, ComesFromEitherSpellingOfTheVariable) {
  const HttpUrl url = urlOf("api.test");
  EXPECT_FALSE(chooseProxy({}, url));
  EXPECT_FALSE(chooseProxy({{"HTTPS_PROXY", " "}}, url));
  EXPECT_EQ(chooseProxy({{"HTTPS_PROXY", "upper"}, {"https_proxy", "lower"}}, url)->host, "upper");
  EXPECT_EQ(chooseProxy({{"HTTPS_PROXY", ""}, {"https_proxy", "lower"}}, url)->host, "lower");
  EXPECT_FALSE(chooseProxy({{"HTTP_PROXY", "plain"}, {"http_proxy", "plain"}, {"ALL_PROXY", "all"}}, url));
  EXPECT_FALSE(chooseProxy({{"HTTPS_PROXY", "upper"}, {"no_proxy", "api.test"}}, url));
  EXPECT_TRUE(chooseProxy({{"HTTPS_PROXY", "upper"}, {"NO_PROXY", "other"}, {"no_proxy", "api.test"}}, url));
}

TEST(Proxy, IsNotLookedAtForAnExemptHost) {
  EXPECT_FALSE(chooseProxy({{"HTTPS_PROXY", "socks5://nonsense"}, {"NO_PROXY", "*"}}, urlOf("api.test")));
}

TEST(NoProxy, ExemptsWhatItNames) {
  struct Case {
    const char* list;
    const char* url;
    bool exempt;
  };
  const Case cases[] = {
      {"", "api.test", false},
      {"", "localhost", true},
      {"", "LOCALHOST:8443", true},
      {"", "localhost.test", false},
      {"", "127.0.0.1", true},
      {"", "127.9.9.9:5000", true},
      {"", "[::1]", true},
      {"", "10.0.0.1", false},
      {"*", "api.test", true},
      {"a, * ,b", "api.test", true},
      {"**", "api.test", false},
      {"api.test", "api.test", true},
      {"API.Test", "api.TEST", true},
      {"api.test", "v2.api.test", true},
      {"api.test", "notapi.test", false},
      {"api.test", "api.test.evil", false},
      {"api.test", "test", false},
      {".api.test", "api.test", false},
      {".api.test", "v2.api.test", true},
      {"*.api.test", "v2.api.test", true},
      {"*.api.test", "api.test", false},
      {"*api.test", "myapi.test", false},
      {"api.test:443", "api.test", true},
      {"api.test:8443", "api.test", false},
      {"api.test:8443", "api.test:8443", true},
      {".test:8443", "api.test:8443", true},
      {"api.test:https", "api.test", false},
      {"api.test:", "api.test", true},
      {"10.1.2.3", "10.1.2.3", true},
      {"10.1.2.3:5000", "10.1.2.3:5000", true},
      {"10.1.2.3:5000", "10.1.2.3", false},
      {"10.1.2.3", "10.1.2.33", false},
      {"10.1.0.0/16", "10.1.2.3", true},
      {"10.1.0.0/16", "10.2.2.3", false},
      {"10.1.0.0/16", "10.1.2.3.test", false},
      {"10.1.0.0/99", "10.1.2.3", false},
      {"fd00::/8", "[fd12::1]:5000", true},
      {"fd00::/8", "[fe80::1]", false},
      {"fd00::1", "[fd00::1]", true},
      {"[fd00::1]", "[fd00:0::1]", true},
      {"[fd00::1]:5000", "[fd00::1]:5000", true},
      {"[fd00::1]:5000", "[fd00::1]", false},
      {"[fd00::1", "[fd00::1]", false},
      {",,  ,api.test,", "api.test", true},
      {"a.test,b.test", "b.test", true},
      {"a.test b.test", "b.test", false},
      {"https://api.test", "api.test", false},
      {".", "api.test", false},
      {":", "api.test", false},
      {":443", "api.test", false},
  };
  for (const Case& expected : cases) {
    EXPECT_EQ(isExempt(expected.list, urlOf(expected.url)), expected.exempt) << expected.list << " | " << expected.url;
  }
}

TEST(NoProxy, TakesVeryLongLists) {
  std::string list;
  for (int i = 0; i < 20'000; ++i) list.append(std::to_string(i)).append(".test,");
  EXPECT_TRUE(isExempt(list, urlOf("19999.test")));
  EXPECT_FALSE(isExempt(list, urlOf("20000.test")));
  EXPECT_FALSE(isExempt(std::string(1'000'000, ','), urlOf("a.test")));
}

}  // namespace
}  // namespace rcb
