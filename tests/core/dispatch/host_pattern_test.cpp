#include "core/dispatch/host_pattern.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace rcb {
namespace {

HostPattern pattern(std::string_view text) {
  auto parsed = parseHostPattern(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(HostPattern{});
}

bool matches(std::string_view text, std::string_view image) { return matchesImage(pattern(text), image); }

std::string problemOf(std::string_view text) {
  const auto found = findPatternProblem(pattern(text));
  return found ? found->reason : "";
}

TEST(HostPattern, HasLabelsPortAndPath) {
  const HostPattern parsed = pattern("*.registry.io:5000/team/");
  EXPECT_THAT(parsed.labels, testing::ElementsAre("*", "registry", "io"));
  EXPECT_EQ(parsed.port, "5000");
  EXPECT_EQ(parsed.path, "/team/");
  EXPECT_EQ(parsed.text, "*.registry.io:5000/team/");
}

TEST(HostPattern, SaysWhyTheKubeletRefusesIt) {
  PatternProblem problem;
  EXPECT_FALSE(parseHostPattern("registry.io:*", &problem));
  EXPECT_EQ(problem.reason, "its port is not a number");
  EXPECT_FALSE(parseHostPattern("registry.io:*"));
}

TEST(HostPattern, RefusesNul) { EXPECT_FALSE(parseHostPattern(std::string_view("gcr.io\0", 7))); }

TEST(HostPattern, NeedsAsManyLabelsAsTheHost) {
  EXPECT_TRUE(matches("*.gcr.io", "eu.gcr.io/app"));
  EXPECT_FALSE(matches("*.gcr.io", "gcr.io/app"));
  EXPECT_FALSE(matches("*.gcr.io", "a.eu.gcr.io/app"));
}

TEST(HostPattern, NeedsTheSamePort) {
  EXPECT_FALSE(matches("gcr.io", "gcr.io:443/app"));
  EXPECT_FALSE(matches("gcr.io:443", "gcr.io/app"));
  EXPECT_TRUE(matches("gcr.io:443", "gcr.io:443/app"));
}

TEST(HostPattern, TakesItsPathAsAPlainBeginning) {
  EXPECT_TRUE(matches("gcr.io/team", "gcr.io/team-b/app"));
  EXPECT_FALSE(matches("gcr.io/team/", "gcr.io/team-b/app"));
  EXPECT_FALSE(matches("gcr.io/team", "gcr.io/tea"));
}

TEST(HostPattern, MatchesNothingThatIsNoUrl) { EXPECT_FALSE(matches("gcr.io", "gcr.io/%zz")); }

TEST(HostPattern, ComparesHostsWithCase) { EXPECT_FALSE(matches("gcr.io", "GCR.io/app")); }

TEST(HostPatternProblem, AcceptsValidPatterns) {
  for (const std::string_view text :
       {"docker.cloudsmith.io", "*.packages.example.com", "mirror.internal:5000", "mirror:5000", "localhost", "local*",
        "[::1]:5000", "10.0.0.*:5000", "gcr.io/team/app-1_x", "gcr.io/team/", "GCR.io", "*.dkr.ecr.*.amazonaws.com",
        "Registry", "*.io", "docker.io", "*.docker.io"}) {
    EXPECT_EQ(problemOf(text), "") << text;
  }
}

TEST(HostPatternProblem, RefusesWhatNoImageNameHas) {
  EXPECT_EQ(problemOf(""), "it is empty");
  EXPECT_EQ(problemOf("https://gcr.io"), "it begins with a scheme, which no image name has");
  EXPECT_EQ(problemOf("user@gcr.io"), "it contains '@', which no image name has");
  EXPECT_EQ(problemOf("gcr.io/a%2Fb"), "it contains '%', which no image name has");
  EXPECT_EQ(problemOf("gcr.io?x"), "it contains '?', which no image name has");
  EXPECT_EQ(problemOf("gcr.io#x"), "it contains '#', which no image name has");
  EXPECT_EQ(problemOf("b\xc3\xbc"
                      "cher.example"),
            "it contains '?', which no image name has");
  EXPECT_EQ(problemOf("gcr.io/te am"), "it contains ' ', which no image name has");
}

TEST(HostPatternProblem, CatchesHostsThatNoKubeletAsksFor) {
  EXPECT_EQ(problemOf("/team"), "it has no host");
  EXPECT_EQ(problemOf("[::1]"), "the kubelet cannot match an IPv6 address without a port");
  EXPECT_EQ(problemOf("[::1]/team"), "the kubelet cannot match an IPv6 address without a port");
  EXPECT_EQ(problemOf("gcr.io:"), "its host ends in ':' without a port");
  EXPECT_EQ(problemOf("gcr.io:/team"), "its host ends in ':' without a port");
  EXPECT_EQ(problemOf("gcr.io:0"), "its port is not a valid port (1 to 65535)");
  EXPECT_EQ(problemOf("gcr.io:65536"), "its port is not a valid port (1 to 65535)");
  EXPECT_EQ(problemOf("[::1]:99999999999999999999"), "its port is not a valid port (1 to 65535)");
  for (const std::string_view text : {"gcr..io", ".gcr.io", "gcr.io.", ":5000"}) {
    EXPECT_EQ(problemOf(text), "its host has an empty label") << text;
  }
  EXPECT_EQ(problemOf("registry"), problemOf("a*/team"));
  EXPECT_THAT(problemOf("registry"), testing::HasSubstr("neither a dot nor a port"));
  EXPECT_EQ(problemOf("index.docker.io"), "the kubelet asks for docker.io instead");
}

TEST(HostPatternProblem, CatchesAHostThatNamesNoRegistry) {
  for (const std::string_view text :
       {"*", "*.*", "*.*.*:5000", "*/team", "**.**", "*.**", "**.*", "***", "**:5000", "*-*.*", "*-*:5000", "a*.*",
        "*.*a", "*.c*m", "a*.b*.c*", "*a*.*b*:5000", "**.**/team"}) {
    EXPECT_THAT(problemOf(text), testing::HasSubstr("does not name a registry")) << text;
  }
}

TEST(HostPatternProblem, LetsPatternsPassThatNameAPartOfTheHost) {
  for (const std::string_view text :
       {"*.azurecr.io", "*.dkr.ecr.*.amazonaws.com", "*.*.amazonaws.com", "*-docker.pkg.dev",
        "registry.*.svc.cluster.local", "k8s.*", "**.example.com", "reg*:5000"}) {
    EXPECT_EQ(problemOf(text), "") << text;
  }
}

// Over all hosts of up to three labels of these forms: a pattern is refused exactly if any domain's owner can have a matching host.
TEST(HostPatternProblem, PassesExactlyTheHostsThatHaveAWholeLabel) {
  const std::vector<std::string> globs = {"*", "**", "a*", "*a", "a*b", "*a*", "a**b", "*-*"};
  const std::vector<std::string> words = {"a", "reg-1", "10", "X"};
  std::vector<std::string> labels = globs;
  labels.insert(labels.end(), words.begin(), words.end());
  const auto isWord = [&](const std::string& label) {
    return std::find(words.begin(), words.end(), label) != words.end();
  };
  for (const std::string& first : labels) {
    for (const std::string& second : labels) {
      EXPECT_EQ(problemOf(first + "." + second) == "", isWord(first) || isWord(second)) << first << "." << second;
      for (const std::string& third : labels) {
        const std::string host = first + "." + second + "." + third + ":5000";
        EXPECT_EQ(problemOf(host) == "", isWord(first) || isWord(second) || isWord(third)) << host;
      }
    }
  }
}

TEST(HostPatternProblem, CatchesPathsThatMatchNothing) {
  EXPECT_THAT(problemOf("gcr.io/*"), testing::HasSubstr("a path is a prefix"));
  EXPECT_THAT(problemOf("gcr.io/team/*/app"), testing::HasSubstr("a path is a prefix"));
  EXPECT_THAT(problemOf("gcr.io/app:v1"), testing::HasSubstr("without their tag"));
  EXPECT_EQ(problemOf("gcr.io/"), "its path has an empty component");
  EXPECT_EQ(problemOf("gcr.io//team"), "its path has an empty component");
  EXPECT_EQ(problemOf("gcr.io/Team"), "its path contains an uppercase letter, which no image path has");
}

TEST(HostPatternProblem, CatchesEveryOtherFormThatNoImageHas) {
  for (const std::string_view text :
       {"my_registry.io", "gcr].io", "-gcr.io", "gcr-.io", "a*-.io", "-*.io", "[::ffff:10.0.0.1]:5000", "gcr.io/[team]",
        "gcr.io/-team", "gcr.io/.team", "gcr.io/team..", "gcr.io/a/../b", "gcr.io/a___", "gcr.io/a._b"}) {
    EXPECT_EQ(problemOf(text), "no image name has this form") << text;
  }
}

}  // namespace
}  // namespace rcb
