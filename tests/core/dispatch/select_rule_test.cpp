#include "core/dispatch/select_rule.hpp"

#include "core/support/error.hpp"
#include "tests/core/dispatch/kubelet_keyring.hpp"
#include "tests/core/dispatch/rule_patterns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb::test {
namespace {

using Rules = std::vector<std::vector<std::string>>;

// The text of the pattern that answers, or "".
std::string selected(const Rules& rules, std::string_view image) {
  const auto patterns = rulePatterns(rules);
  const auto winner = selectPattern(patterns, parseImageReference(image));
  return winner ? patterns[*winner].pattern.text : "";
}

AuthKey keyFor(const Rules& rules, std::string_view image) {
  const auto patterns = rulePatterns(rules);
  const ImageReference reference = parseImageReference(image);
  return authKeyFor(patterns, selectPattern(patterns, reference).value(), reference);
}

std::vector<std::string> ties(const Rules& rules) {
  const auto patterns = rulePatterns(rules);
  std::vector<std::string> found;
  for (const Tie& tie : findTies(patterns)) {
    found.push_back(patterns[tie.left].pattern.text + " " + patterns[tie.right].pattern.text + " " + tie.image);
  }
  return found;
}

TEST(SelectPattern, PrefersTheLongestPath) {
  const Rules rules = {{"gcr.io"}, {"gcr.io/team"}, {"*.io/team/app"}};
  EXPECT_EQ(selected(rules, "gcr.io/team/app"), "*.io/team/app");
  EXPECT_EQ(selected(rules, "gcr.io/team/web"), "gcr.io/team");
  EXPECT_EQ(selected(rules, "gcr.io/other/app"), "gcr.io");
}

TEST(SelectPattern, PrefersMoreLiteralLabelsThenMoreLiteralCharacters) {
  const Rules rules = {{"*.eu.io"}, {"abcdef*.eu*.io"}, {"reg*.eu.io"}, {"registry.eu.io"}};
  EXPECT_EQ(selected(rules, "registry.eu.io/app"), "registry.eu.io");
  EXPECT_EQ(selected(rules, "reg2.eu.io/app"), "reg*.eu.io");
  EXPECT_EQ(selected(rules, "abcdef.eu.io/app"), "*.eu.io");
}

TEST(SelectPattern, FindsNothingWhereNothingMatches) {
  EXPECT_EQ(selected({}, "gcr.io/app"), "");
  EXPECT_EQ(selected({{"gcr.io"}}, "gcr.io:5000/app"), "");
  EXPECT_EQ(selected({{"gcr.io/team/"}}, "gcr.io/teams/app"), "");
}

// Each is either no image name at all, or one that no rule answers for.
TEST(SelectPattern, NoLookAlikeSelectsARule) {
  const auto patterns = rulePatterns({{"docker.cloudsmith.io", "*.cloudsmith.io/acme"},
                                      {"*.azurecr.io"},
                                      {"mirror.internal:5000"},
                                      {"[::1]:5000"},
                                      {"10.0.0.1"},
                                      {"xn--bcher-kva.example"},
                                      {"localhost"}});
  for (const std::string_view image : {"docker.cloudsmith.io.evil.test/app",
                                       "evil.test/docker.cloudsmith.io/app",
                                       "evildocker.cloudsmith.io/app",
                                       "docker.cloudsmith.io@evil.test/app",
                                       "user@docker.cloudsmith.io/app",
                                       "user:pw@docker.cloudsmith.io/app",
                                       "@docker.cloudsmith.io/app",
                                       "docker.cloudsmith.io:443/app",
                                       "docker.cloudsmith.io:/app",
                                       "docker.cloudsmith.io:0443/app",
                                       "docker.cloudsmith.io./app",
                                       ".docker.cloudsmith.io/app",
                                       "docker..cloudsmith.io/app",
                                       "Docker.cloudsmith.io/app",
                                       "DOCKER.CLOUDSMITH.IO/app",
                                       "docker.cloudsmith.io%2eevil.test/app",
                                       "docker%2ecloudsmith.io/app",
                                       "docker.cloudsmith.io%00/app",
                                       "docker.cloudsmith.io\\.evil.test/app",
                                       "evil.test\\@docker.cloudsmith.io/app",
                                       "docker.cloudsmith.io#.evil.test/app",
                                       "docker.cloudsmith.io?.evil.test/app",
                                       "evil.test#@docker.cloudsmith.io/app",
                                       "https://docker.cloudsmith.io/app",
                                       "//docker.cloudsmith.io/app",
                                       "/docker.cloudsmith.io/app",
                                       "docker.cloudsmith.io",
                                       "docker.cloudsmith.io/",
                                       "docker.cloudsmith.io//app",
                                       " docker.cloudsmith.io/app",
                                       "docker.cloudsmith.io /app",
                                       "docker.cloudsmith.io\n/app",
                                       "d\xd0\xbe"
                                       "cker.cloudsmith.io/app",
                                       "docker.cloudsmith\xef\xbc\x8eio/app",
                                       "docker.cloudsmith\xe3\x80\x82io/app",
                                       "*.cloudsmith.io/app",
                                       "dl.cloudsmith.io/acm",
                                       "dl.cloudsmith.io/x/acme",
                                       "dl.cloudsmith.io/x/../acme",
                                       "dl.cloudsmith.io/./acme",
                                       "azurecr.io/app",
                                       "a.b.azurecr.io/app",
                                       "a.azurecr.io.cn/app",
                                       "aazurecr.io/app",
                                       "mirror.internal/app",
                                       "mirror.internal:50000/app",
                                       "mirror.internal:500/app",
                                       "mirror.internal:05000/app",
                                       "mirror.internal:5000@evil.test/app",
                                       "mirror.internal:5000:5000/app",
                                       "[::1]/app",
                                       "[::1]:5001/app",
                                       "[::2]:5000/app",
                                       "[0:0:0:0:0:0:0:1]:5000/app",
                                       "[::1%25lo]:5000/app",
                                       "::1:5000/app",
                                       "[::ffff:10.0.0.1]:5000/app",
                                       "[::1]:5000.evil.test/app",
                                       "10.0.0.1:80/app",
                                       "010.0.0.1/app",
                                       "10.0.0.10/app",
                                       "10.0.1/app",
                                       "167772161/app",
                                       "0x0a000001/app",
                                       "b\xc3\xbc"
                                       "cher.example/app",
                                       "XN--BCHER-KVA.example/app",
                                       "localhost:80/app",
                                       "LOCALHOST/app",
                                       "localhost.evil.test/app",
                                       "localhost./app"}) {
    try {
      const auto winner = selectPattern(patterns, parseImageReference(image));
      EXPECT_FALSE(winner) << image << " selects " << patterns[*winner].pattern.text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kRequestImage) << image;
    }
  }
}

TEST(AuthKey, IsTheHostWithItsPort) {
  EXPECT_EQ(keyFor({{"*.registry.io:5000"}}, "eu.registry.io:5000/team/app").key, "eu.registry.io:5000");
  EXPECT_EQ(keyFor({{"[::1]:5000"}}, "[::1]:5000/app").key, "[::1]:5000");
  EXPECT_EQ(keyFor({{"*.azurecr.io"}}, "acme.azurecr.io/app").key, "acme.azurecr.io");
}

TEST(AuthKey, HasTheRulesPath) {
  EXPECT_EQ(keyFor({{"*.registry.io/team/"}}, "eu.registry.io/team/app").key, "eu.registry.io/team/");
  EXPECT_EQ(keyFor({{"gcr.io/te"}}, "gcr.io/team/app").key, "gcr.io/te");
}

TEST(AuthKey, SurvivesTheKubeletsCuttingOfDockersApiPaths) {
  for (const std::string path : {"/v1/team", "/v2/team", "/v2/v1/team", "/v2/"}) {
    const std::string image = "gcr.io" + path + (path.back() == '/' ? "app" : "/app");
    const std::string key = keyFor({{"gcr.io" + path}}, image).key;
    EXPECT_THAT(keysTried({key}, image), testing::SizeIs(1)) << key;
    EXPECT_THAT(keysTried({key}, "gcr.io/other"), testing::IsEmpty()) << key;
    EXPECT_THAT(keysTried({"gcr.io" + path}, image), path == "/v2/" ? testing::SizeIs(1) : testing::SizeIs(0));
  }
}

TEST(AuthKey, IsSharedByTheRegistryOnlyIfNoRuleOnItsHostHasAPath) {
  EXPECT_EQ(keyFor({{"gcr.io"}, {"quay.io/team"}}, "gcr.io/app").cacheKeyType, CacheKeyType::kRegistry);
  EXPECT_EQ(keyFor({{"gcr.io"}, {"gcr.io:5000/team"}}, "gcr.io/app").cacheKeyType, CacheKeyType::kRegistry);
  EXPECT_EQ(keyFor({{"gcr.io"}, {"*.gcr.io/team"}}, "gcr.io/app").cacheKeyType, CacheKeyType::kRegistry);
  EXPECT_EQ(keyFor({{"gcr.io"}, {"gcr.io/team"}}, "gcr.io/app").cacheKeyType, CacheKeyType::kImage);
  EXPECT_EQ(keyFor({{"gcr.io"}, {"*.io/team"}}, "gcr.io/app").cacheKeyType, CacheKeyType::kImage);
  EXPECT_EQ(keyFor({{"gcr.io/team"}}, "gcr.io/team/app").cacheKeyType, CacheKeyType::kImage);
  EXPECT_EQ(keyFor({{"gcr.io", "gcr.io/team"}}, "gcr.io/app").cacheKeyType, CacheKeyType::kImage);
  EXPECT_EQ(keyFor({{"*.io:5000"}, {"a.io:5000/t"}}, "a.io:5000/app").cacheKeyType, CacheKeyType::kImage);
}

TEST(FindTies, NamesEqualPatternsOfTwoRules) {
  EXPECT_THAT(ties({{"gcr.io"}, {"quay.io"}, {"gcr.io"}}), testing::ElementsAre("gcr.io gcr.io gcr.io/image"));
  EXPECT_THAT(ties({{"gcr.io:443/team/"}, {"gcr.io:443/team/"}}),
              testing::ElementsAre("gcr.io:443/team/ gcr.io:443/team/ gcr.io:443/team/image"));
  EXPECT_THAT(ties({{"gcr.io/team-"}, {"gcr.io/team-"}}),
              testing::ElementsAre("gcr.io/team- gcr.io/team- gcr.io/team-image"));
  EXPECT_THAT(ties({{"local*"}, {"*lhost"}}), testing::ElementsAre("local* *lhost localhost/image"));
  EXPECT_THAT(ties({{"[::1]:5000"}, {"[::1]:5000"}}), testing::ElementsAre("[::1]:5000 [::1]:5000 [::1]:5000/image"));
}

TEST(FindTies, NamesGlobsThatMeet) {
  EXPECT_THAT(ties({{"*.eu.io"}, {"us.*.io"}}), testing::ElementsAre("*.eu.io us.*.io us.eu.io/image"));
  EXPECT_THAT(ties({{"eu-*.io"}, {"*-ab.io"}}), testing::ElementsAre("eu-*.io *-ab.io eu--ab.io/image"));
  EXPECT_THAT(ties({{"*.*.io"}, {"*.*.io"}}), testing::ElementsAre("*.*.io *.*.io any.any.io/image"));
}

TEST(FindTies, LetsGlobsPassThatNeverMeetOrDifferInRank) {
  EXPECT_THAT(ties({{"eu-*.io"}, {"us-*.io"}}), testing::IsEmpty());
  EXPECT_THAT(ties({{"*-eu.io"}, {"*-us.io"}}), testing::IsEmpty());
  EXPECT_THAT(ties({{"*.io"}, {"a*.io"}}), testing::IsEmpty());
  EXPECT_THAT(ties({{"*.io"}, {"gcr.io"}}), testing::IsEmpty());
  EXPECT_THAT(ties({{"*.eu.io"}, {"us.*.com"}}), testing::IsEmpty());
}

TEST(FindTies, LetsOtherPortsPathsAndLabelCountsPass) {
  EXPECT_THAT(ties({{"gcr.io"}, {"gcr.io:443"}, {"gcr.io:5000"}}), testing::IsEmpty());
  EXPECT_THAT(ties({{"gcr.io"}, {"gcr.io/a"}, {"gcr.io/b"}, {"gcr.io/a/"}}), testing::IsEmpty());
  EXPECT_THAT(ties({{"*.io"}, {"*.gcr.io"}}), testing::IsEmpty());
}

TEST(FindTies, LetsEqualPatternsOfOneRulePass) {
  EXPECT_THAT(ties({{"gcr.io", "gcr.io"}, {"quay.io"}}), testing::IsEmpty());
}

TEST(FindTies, NamesEveryEntryThatTiesWithAnEarlierOneOnce) {
  const auto patterns = rulePatterns({{"gcr.io"}, {"gcr.io"}, {"gcr.io", "gcr.io"}});
  const auto found = findTies(patterns);
  ASSERT_EQ(found.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(found[i].left, 0U);
    EXPECT_EQ(found[i].right, i + 1);
  }
}

}  // namespace
}  // namespace rcb::test
