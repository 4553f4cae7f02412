#include "core/net/proxy.hpp"

#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

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
      {"http://a:b:c@proxy.test", "proxy.test", 80, "Basic YTpiOmM="},
      {"http://a:%2F%3f%23%40%5B%5d%5c%25@proxy.test", "proxy.test", 80, "Basic YTovPyNAW11cJQ=="},
      {"http://a:!$&'()*+,;=-._~^|@proxy.test", "proxy.test", 80, "Basic YTohJCYnKCkqKyw7PS0uX35efA=="},
      {"http://:b@proxy.test", "proxy.test", 80, "Basic OmI="},
      {"http://@proxy.test:3128", "proxy.test", 3128, ""},
      {"user:pass@proxy.test:3128", "proxy.test", 3128, "Basic dXNlcjpwYXNz"},
      {"http://proxy.test:3128/path?query#fragment", "proxy.test", 3128, ""},
      {"http://user:pass@proxy.test:3128/path", "proxy.test", 3128, "Basic dXNlcjpwYXNz"},
      {"http://[::ffff:10.0.0.1]", "10.0.0.1", 80, ""},
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
      {"https://user:hunter2@proxy.test:3128", "requires TLS itself (https://) is not supported"},
      {"socks5://user:hunter2@proxy.test", "only http:// proxies"},
      {"://user:hunter2@proxy.test", "only http:// proxies"},
      {"http://", "neither a DNS name"},
      {"http://user:hunter2@", "neither a DNS name"},
      {"http://user:hunter2@a b:80", "a space"},
      {"http://user:hunter2@a\r\nX: y", "control character"},
      {"http://user:hunter2%@a", "two hexadecimal digits"},
      {"http://user:hunter2%0@a", "two hexadecimal digits"},
      {"http://us%3aer:hunter2@a", "colon"},
      {"http://user:hunter2@a:0", "port"},
      {"http://user:hunter2@a:99999", "port"},
      {"http://user:hunter2@a:port", "port"},
      {"http://user:hunter2@[::1", "neither a DNS name"},
      {"http://user:hunter2@[::1]80", "port"},
      {"http://user:hunter2@[10.0.0.1]:80", "neither a DNS name"},
      {"http://user:hunter2@[proxy.test]:80", "neither a DNS name"},
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

TEST(Proxy, RefusesUserInformationThatIsNotPercentEncoded) {
  // The first is resolved as svc:12345 by who looks for the path before the '@'.
  std::vector<std::string> values = {"http://svc:12345/hunter2@proxy.test:3128",
                                     "http://svc:12345/@proxy.test",
                                     "svc:12345/hunter2@proxy.test:3128",
                                     "http:/svc:hunter2@proxy.test",
                                     "http:svc:hunter2/@proxy.test",
                                     "http://proxy.test:3128/hunter2@x",
                                     "svc:hunter2://x@proxy.test",
                                     "http://svc:12345?hunter2@proxy.test",
                                     "http://svc:12345#hunter2@proxy.test:3128",
                                     "http://CORP\\svc:hunter2@proxy.test"};
  for (const char reserved : std::string_view("/?#@[]\\ \t\r\n\x01\x7f\x80\xc3")) {
    for (const char* form :
         {"http://x:hun*ter2@proxy.test", "http://x*:hunter2@proxy.test:3128", "http://*@proxy.test",
          "http://hunter2*@proxy.test", "x:hunter2*@10.0.0.1:3128", "HTTP://x:*hunter2@[fd00::1]:80"}) {
      values.emplace_back(form);
      values.back()[values.back().find('*')] = reserved;
    }
  }
  for (const std::string& value : values) {
    EXPECT_THAT([&] { parseProxy(value); }, throwsError(ErrorCode::kSettingsInvalid, "percent-encode")) << value;
    EXPECT_THAT([&] { parseProxy(value); },
                testing::Throws<Error>(
                    testing::Property(&Error::line, testing::AllOf(testing::Not(testing::HasSubstr("hunter2")),
                                                                   testing::Not(testing::HasSubstr("12345"))))));
  }
}

TEST(Proxy, RefusesWhatItsCredentialsMayNotHoldEvenEncoded) {
  for (const char* escape : {"%00", "%0d%0a", "%0A", "%1f", "%7F", "%09"}) {
    for (const std::string& value : {"http://us" + std::string(escape) + "er:hunter2@proxy.test",
                                     "http://user:hunter2" + std::string(escape) + "@proxy.test"}) {
      EXPECT_THAT([&] { parseProxy(value); }, throwsError(ErrorCode::kSettingsInvalid, "control character")) << value;
    }
  }
  for (const char* escape : {"%", "%4", "%zz", "%4g", "%%41"}) {
    const std::string value = "http://user:hunter2" + std::string(escape) + "@proxy.test";
    EXPECT_THAT([&] { parseProxy(value); }, throwsError(ErrorCode::kSettingsInvalid, "two hexadecimal digits"))
        << value;
  }
}

// Without its scheme before it, "http" would be the host, and the password would go there.
TEST(Proxy, RefusesASchemeThatIsNotAtTheBeginning) {
  for (const char* value :
       {"u:hunter2@http://proxy.test:3128", "u:hunter2@https://proxy.test", "http://http://proxy.test",
        "http://u:hunter2@http://proxy.test", "u:hunter2@[fd00::1]://x", "x@proxy.test://"}) {
    EXPECT_THAT([&] { parseProxy(value); }, throwsError(ErrorCode::kSettingsInvalid, "a scheme comes after")) << value;
  }
  EXPECT_EQ(parseProxy("http://u@proxy.test:/http://x").host, "proxy.test");
}

TEST(Proxy, WantsBracketsAroundAnIpv6Address) {
  for (const char* value :
       {"http://fd00::1:3128", "http://fd00::1", "::1", "http://u:p@fd00::1:3128", "http://a:b:80"}) {
    EXPECT_THAT([&] { parseProxy(value); }, throwsError(ErrorCode::kSettingsInvalid, "in brackets")) << value;
  }
}

// Every piece of four characters of `userInformation` that the text shows.
std::vector<std::string> piecesIn(std::string_view text, std::string_view userInformation) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at + 4 <= userInformation.size(); ++at) {
    if (text.find(userInformation.substr(at, 4)) != std::string_view::npos) {
      pieces.emplace_back(userInformation.substr(at, 4));
    }
  }
  return pieces;
}

TEST(Proxy, ShowsNothingOfAnyUserInformation) {
  std::mt19937 random(12);
  // More of what parts a URL than of anything else.
  constexpr std::string_view kParts = "/?#@:[]%\\ \t\r\n://%40%00%zz";
  for (int round = 0; round < 3'000; ++round) {
    std::string userInformation;
    for (std::size_t size = 4 + random() % 40; userInformation.size() < size;) {
      const std::size_t choice = random();
      userInformation += choice % 4 == 0 ? kParts[choice / 4 % kParts.size()] : static_cast<char>(choice / 4 % 256);
    }
    for (const char* scheme : {"http://", "", "https://", "socks5://"}) {
      for (const char* host : {"proxy.test:3128", "proxy.test/path", "[fd00::1]", "x:0", ""}) {
        const std::string value = scheme + userInformation + "@" + host;
        try {
          const Proxy proxy = parseProxy(value);
          EXPECT_EQ(proxy.host, std::string_view(host).starts_with('[') ? "fd00::1" : "proxy.test");
        } catch (const Error& error) {
          EXPECT_THAT(piecesIn(error.line(), userInformation), testing::IsEmpty()) << error.line();
        }
      }
    }
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
  EXPECT_FALSE(chooseProxy({{"HTTPS_PROXY", "socks5://unusable"}, {"NO_PROXY", "*"}}, urlOf("api.test")));
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
