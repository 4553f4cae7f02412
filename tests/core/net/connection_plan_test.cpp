#include "core/net/connection_plan.hpp"

#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using test::throwsError;
using testing::StartsWith;

constexpr const char* kUrl = "https://api.corp.test/token";

TEST(DescribeProxy, NamesTheProxyAndItsVariable) {
  EXPECT_EQ(describeProxy({{"HTTPS_PROXY", "http://proxy.test:3128"}}, kUrl), "proxy.test:3128 (HTTPS_PROXY)");
  EXPECT_EQ(describeProxy({{"https_proxy", "proxy.test"}}, kUrl), "proxy.test:80 (https_proxy)");
  EXPECT_EQ(describeProxy({{"HTTPS_PROXY", " "}, {"https_proxy", "http://[::1]:8080"}}, kUrl),
            "[::1]:8080 (https_proxy)");
}

// What counts as no value must be the same for the request and for its description.
TEST(DescribeProxy, TakesABlankVariableForNone) {
  for (const char* blank : {"", " ", "\t", "\n", " \r\n"})
    EXPECT_EQ(describeProxy({{"HTTPS_PROXY", blank}}, kUrl), "none");
}

TEST(DescribeProxy, SaysWhyThereIsNone) {
  EXPECT_EQ(describeProxy({}, kUrl), "none");
  EXPECT_EQ(describeProxy({{"NO_PROXY", "*"}}, kUrl), "none");
  const std::string proxy = "http://proxy.test:3128";
  EXPECT_EQ(describeProxy({{"HTTPS_PROXY", proxy}, {"NO_PROXY", ".corp.test"}}, kUrl),
            "none (NO_PROXY exempts api.corp.test)");
  EXPECT_EQ(describeProxy({{"HTTPS_PROXY", proxy}, {"no_proxy", "*"}}, kUrl), "none (no_proxy exempts api.corp.test)");
  EXPECT_EQ(describeProxy({{"HTTPS_PROXY", proxy}}, "https://127.0.0.1/"), "none (127.0.0.1 is this machine)");
}

TEST(DescribeProxy, NeverShowsUserOrPassword) {
  const std::string shown = describeProxy({{"HTTPS_PROXY", "http://canary:hunter2@proxy.test:3128"}}, kUrl);
  EXPECT_EQ(shown, "proxy.test:3128 (HTTPS_PROXY)");
}

TEST(DescribeProxy, RefusesWhatARunRefuses) {
  EXPECT_THAT(
      [] {
        describeProxy({{"HTTPS_PROXY", "socks5://proxy.test"}}, kUrl);
      },
      throwsError(ErrorCode::kSettingsInvalid));
  EXPECT_THAT(
      [] {
        describeProxy({{"HTTPS_PROXY", "http://proxy.test"}}, "http://api.corp.test/");
      },
      throwsError(ErrorCode::kSettingsInvalid));
}

TlsOptions withCaFile(const char* file, bool replacesSystem = false) {
  TlsOptions options;
  options.caFile = file;
  options.caReplacesSystem = replacesSystem;
  return options;
}

TEST(DescribeTrust, NamesTheRulesFileAndWhetherTheSystemsCount) {
  EXPECT_EQ(describeTrust(withCaFile("/etc/corp/ca.pem", true), {}), "/etc/corp/ca.pem and nothing else");
  EXPECT_THAT(describeTrust(withCaFile("/etc/corp/ca.pem"), {}), StartsWith("/etc/corp/ca.pem and the system's ("));
}

TEST(DescribeTrust, NamesTheVariablesThatTakeTheSystemsPlace) {
  EXPECT_EQ(describeTrust({}, {{"SSL_CERT_FILE", "/a.pem"}}), "/a.pem (SSL_CERT_FILE)");
  EXPECT_EQ(describeTrust(withCaFile("/c.pem"), {{"SSL_CERT_FILE", "/a.pem"}, {"SSL_CERT_DIR", "/b:/c"}}),
            "/c.pem and /a.pem (SSL_CERT_FILE), /b:/c (SSL_CERT_DIR)");
  EXPECT_EQ(describeTrust(withCaFile("/c.pem", true), {{"SSL_CERT_FILE", "/a.pem"}}), "/c.pem and nothing else");
}

}  // namespace
}  // namespace rcb
