#include "core/settings/setting_value.hpp"

#include "core/support/error.hpp"
#include "core/support/http_url.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Whether a request takes the text, as a URL or as the host of one.
bool isTaken(const std::string& url) {
  try {
    parseHttpUrl(url);
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(SettingValue, IsAUrlExactlyIfARequestTakesIt) {
  const SettingSpec url = {.name = "url", .type = SettingType::kUrl};
  for (const std::string text : {"https://a",
                                 "https://a.test:8443/x?y=z",
                                 "HTTPS://A/",
                                 "https://[::1]/",
                                 "https://10.0.0.1/%20",
                                 "http://a",
                                 "https:/a",
                                 "https://",
                                 "https:///x",
                                 "//a",
                                 "a",
                                 "",
                                 "https://u@a/",
                                 "https://u:p@a/",
                                 "https://a/#x",
                                 "https://a:0",
                                 "https://a:70000",
                                 "https://a b",
                                 "https://a/\xc3\xa9",
                                 "https://h\xc3\xb6st/",
                                 "https://a/{x}",
                                 "https://a/..",
                                 "https://a/%zz",
                                 "https://a\\b",
                                 "ftp://a/",
                                 " https://a",
                                 "https://a ",
                                 "https://a\n",
                                 "https://${HOST}/",
                                 "https://1.2.3/",
                                 "https://::1/"}) {
    EXPECT_EQ(settingProblem(url, text).empty(), isTaken(text)) << text << ": " << settingProblem(url, text);
  }
}

TEST(SettingValue, IsAHostExactlyIfAUrlTakesIt) {
  const SettingSpec host = {.name = "host", .type = SettingType::kHost};
  for (const std::string text :
       {"a",          "a.test", "A_b.test",    "a.test:8443", "10.0.0.1", "10.0.0.1:1", "[::1]", "[::1]:5000",
        "",           "a:",     ":1",          "a:0",         "a:65536",  "a:x",        "::1",   "[::1",
        "[10.0.0.1]", "1.2.3",  "0x7f.1",      "-a",          "a-",       "a..b",       "a.",    "*.a",
        "a b",        "a\t",    "h\xc3\xb6st", "$(HOST)",     "a,b",      "a;b",        "a\\b"}) {
    EXPECT_EQ(settingProblem(host, text).empty(), isTaken("https://" + text + "/")) << text;
  }
}

TEST(SettingValue, IsNoHostIfItHasMoreOfAUrl) {
  const SettingSpec host = {.name = "host", .type = SettingType::kHost};
  for (const char* text : {"a/", "a/b", "a?b", "a#b", "user@a", "user:x@a"}) {
    EXPECT_THAT(settingProblem(host, text), HasSubstr("is not a valid host: ")) << text;
  }
  EXPECT_EQ(settingProblem(host, "https://a"), "is not a valid host: it is a URL; use host or host:port");
  EXPECT_EQ(settingProblem(host, "a:x"),
            "is not a valid host: its port is not a number from 1 to 65535; use host or host:port");
}

TEST(SettingValue, SaysWhyAUrlIsNone) {
  const SettingSpec url = {.name = "url", .type = SettingType::kUrl};
  EXPECT_EQ(settingProblem(url, "http://a"), "is not a valid URL: it does not begin with https://");
  EXPECT_EQ(settingProblem(url, "https://canary:canary@a"),
            "is not a valid URL: it contains user information before an '@'");
  EXPECT_EQ(settingProblem(url, "https://$HOST/"),
            "is not a valid URL: its host is neither a DNS name nor an IP address; variables are not expanded");
}

TEST(SettingValue, MatchesThePatternTooIfItIsAUrlOrAHost) {
  const SettingSpec url = {.name = "url", .type = SettingType::kUrl, .pattern = ".*/v2/"};
  EXPECT_EQ(settingProblem(url, "https://a/v2/"), "");
  EXPECT_EQ(settingProblem(url, "https://a/v1/"), "is not a valid value for url (pattern .*/v2/)");
  const SettingSpec host = {.name = "host", .type = SettingType::kHost, .pattern = "[^:]+"};
  EXPECT_EQ(settingProblem(host, "a.test"), "");
  EXPECT_EQ(settingProblem(host, "a.test:1"), "is not a valid value for host (pattern [^:]+)");
}

TEST(SettingValue, IsOneOfTheChoices) {
  const SettingSpec mode = {.name = "mode", .type = SettingType::kChoice, .choices = {"slow", "fast", "off"}};
  for (const std::string& choice : mode.choices) EXPECT_EQ(settingProblem(mode, choice), "");
  EXPECT_EQ(settingProblem(mode, "fats"),
            "is not a valid mode; expected one of slow, fast or off; did you mean \"fast\"?");
  EXPECT_EQ(settingProblem(mode, "canary-canary"), "is not a valid mode; expected one of slow, fast or off");
  for (const char* bad : {"", "Slow", "slow ", "slow,fast", "slo", "no"}) {
    EXPECT_THAT(settingProblem(mode, bad), HasSubstr("expected one of slow, fast or off")) << bad;
  }
  const SettingSpec single = {.name = "mode", .type = SettingType::kChoice, .choices = {"only"}};
  EXPECT_EQ(settingProblem(single, "something"), "is not a valid mode; expected only");
}

TEST(SettingValue, MatchesThePatternInEveryEntryOfAMap) {
  const SettingSpec tags = {.name = "tags", .type = SettingType::kMap, .pattern = "[a-z]+"};
  EXPECT_EQ(settingProblem(tags, "abc"), "");
  EXPECT_THAT(settingProblem(tags, "Canary1"), AllOf(HasSubstr("pattern [a-z]+"), Not(HasSubstr("Canary1"))));
}

TEST(SettingValue, IsGivenToTheModuleInMilliseconds) {
  const SettingSpec wait = {.name = "wait", .type = SettingType::kDuration};
  EXPECT_EQ(resolvedValue(wait, "1m30s"), "90000");
  EXPECT_EQ(resolvedValue({.name = "text"}, "1m30s"), "1m30s");
}

}  // namespace
}  // namespace rcb
