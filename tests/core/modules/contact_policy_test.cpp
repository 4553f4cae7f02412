#include "core/modules/contact_policy.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

ProviderDescription provider() {
  ProviderDescription description{.name = "acme"};
  description.settings = {{.name = "url", .type = SettingType::kUrl},
                          {.name = "host", .type = SettingType::kHost},
                          {.name = "note", .type = SettingType::kString}};
  return description;
}

using Settings = std::vector<std::pair<std::string, std::string>>;

bool allows(const ProviderDescription& description, const Settings& settings, std::string_view url,
            std::string_view registry = "registry.test") {
  return ContactPolicy(description, settings, registry).allows(parseHttpUrl(url));
}

TEST(ContactPolicy, AllowsTheHostsOfUrlAndHostSettings) {
  struct Case {
    const char* setting;
    const char* value;
    const char* url;
    bool allowed;
  };
  const Case cases[] = {
      {"url", "https://sts.test/token", "https://sts.test/other?x=1", true},
      {"url", "https://STS.test/token", "https://sts.test/", true},
      {"url", "https://sts.test:8443/token", "https://sts.test:8443/", true},
      {"url", "https://sts.test:8443/token", "https://sts.test/", false},
      {"url", "https://sts.test/token", "https://sts.test:8443/", false},
      {"url", "https://sts.test?x", "https://sts.test/", true},
      {"url", "https://sts.test", "https://evil.sts.test/", false},
      {"url", "https://sts.test/evil.test", "https://evil.test/", false},
      {"url", "https://[::1]:8443/", "https://[::1]:8443/", true},
      {"host", "api.test", "https://api.test/x", true},
      {"host", "api.test", "https://api.test.evil.test/x", false},
      {"host", "api.test", "https://evil.test/api.test", false},
      {"host", "api.test:9000", "https://api.test:9000/", true},
      {"host", "api.test:9000", "https://api.test/", false},
      {"host", "127.0.0.1:9000", "https://127.0.0.1:9000/", true},
      {"host", "[::1]:9000", "https://[::1]:9000/", true},
      {"host", "not a host", "https://api.test/", false},
      {"note", "https://api.test/", "https://api.test/", false},  // a string means nothing
      {"unknown", "https://api.test/", "https://api.test/", false},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(allows(provider(), {{one.setting, one.value}}, one.url), one.allowed) << one.value << " " << one.url;
  }
}

TEST(ContactPolicy, AllowsEveryElementOfAList) {
  const Settings settings = {{"host", "a.test"}, {"host", "b.test"}};
  EXPECT_TRUE(allows(provider(), settings, "https://a.test/"));
  EXPECT_TRUE(allows(provider(), settings, "https://b.test/"));
  EXPECT_FALSE(allows(provider(), settings, "https://c.test/"));
}

TEST(ContactPolicy, AllowsTheHostsOfTheTableOnPort443) {
  ProviderDescription description = provider();
  description.hosts = {"sts.*.amazonaws.com", "Fixed.example.com", "ecr*.example.net"};
  for (const char* url : {"https://sts.eu-central-1.amazonaws.com/", "https://fixed.example.com/",
                          "https://ecr-public.example.net/", "https://ecr.example.net/"}) {
    EXPECT_TRUE(allows(description, {}, url)) << url;
  }
  for (const char* url :
       {"https://sts.amazonaws.com/", "https://sts.a.b.amazonaws.com/", "https://sts.eu.amazonaws.com.evil.test/",
        "https://sts.eu.amazonaws.com:8443/", "https://evil.example.net/", "https://x.fixed.example.com/"}) {
    EXPECT_FALSE(allows(description, {}, url)) << url;
  }
}

TEST(ContactPolicy, AllowsTheRegistryOnlyIfTheTableSaysSo) {
  ProviderDescription description = provider();
  EXPECT_FALSE(allows(description, {}, "https://registry.test/v2/"));
  description.contactsRegistry = true;
  EXPECT_TRUE(allows(description, {}, "https://registry.test/v2/"));
  EXPECT_FALSE(allows(description, {}, "https://registry.test:5000/v2/"));
  EXPECT_TRUE(allows(description, {}, "https://registry.test:5000/v2/", "registry.test:5000"));
  EXPECT_FALSE(allows(description, {}, "https://registry.test/v2/", "registry.test:5000"));
}

TEST(ContactPolicy, SaysWhatAllowsEachHost) {
  ProviderDescription description = provider();
  EXPECT_THAT(ContactPolicy(description, {}, "registry.test").descriptions(), IsEmpty());
  description.hosts = {"*.example.net.test"};
  description.contactsRegistry = true;
  EXPECT_THAT(
      ContactPolicy(description, {{"url", "https://sts.test:8443/t"}, {"host", "api.test"}}, "registry.test:5000")
          .descriptions(),
      ElementsAre("sts.test:8443 (setting url)", "api.test (setting host)", "*.example.net.test (the provider's table)",
                  "registry.test:5000 (the image's registry)"));
}

TEST(ContactPolicy, CountsTheHostsOfALongTable) {
  ProviderDescription description = provider();
  for (const char* host : {"a.example.com", "b.example.com", "c.example.com", "d.example.com"}) {
    description.hosts.emplace_back(host);
  }
  EXPECT_THAT(ContactPolicy(description, {}, "registry.test").descriptions(), SizeIs(4));
  description.hosts.emplace_back("e.example.com");
  EXPECT_THAT(ContactPolicy(description, {{"host", "api.test"}}, "registry.test").descriptions(),
              ElementsAre("5 hosts that the provider's table names", "api.test (setting host)"));
}

TEST(ContactPattern, EndsInTwoLabelsWithoutAStar) {
  for (const char* pattern :
       {"api.example.com", "*.example.com", "sts.*.amazonaws.com", "a*.example.com", "example.com"}) {
    EXPECT_EQ(contactPatternProblem(pattern), "") << pattern;
  }
  for (const char* pattern :
       {"", "*", "*.*", "*.com", "com", "api.*", "api.*.com", "*a.example.com", "a*b.example.com", "**.example.com",
        "api..example.com", ".example.com", "example.com.", "api.example.com:443", "https://api.example.com",
        "api.example.com/x", "[::1]", "a_b.example.com", "b\xc3\xbc.example.com"}) {
    EXPECT_NE(contactPatternProblem(pattern), "") << pattern;
  }
  EXPECT_NE(contactPatternProblem(std::string(300, 'a') + ".example.com"), "");
}

}  // namespace
}  // namespace rcb
