#include "core/commands/rule_warnings.hpp"

#include "core/settings/key_marks.hpp"

#include <gmock/gmock.h>

namespace rcb::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The warnings of a file with these rules, as "line:column: path: reason".
std::vector<std::string> warningsOf(const std::string& rules) {
  const std::string text = "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders:\n" + rules;
  const LoadedConfig loaded = readBrokerConfig(text, "f");
  EXPECT_THAT(loaded.problems, IsEmpty());
  const KeyMarks marks(text);
  ValidationReport report;
  const auto markOf = [&](std::string_view path) { return marks.of(path); };
  warnOfRules(loaded.config, markOf, report);
  warnOfAudiences(loaded.config, markOf, report);
  std::vector<std::string> lines;
  for (const Problem& warning : report.warnings) {
    EXPECT_NE(warning.advice, "");
    EXPECT_NE(warning.mark.line, 0u) << warning.path;
    lines.push_back(warning.line("f").substr(2));
  }
  return lines;
}

std::string rule(const std::string& name, const std::string& pattern, const std::string& more = ", audience: a") {
  return "- {name: " + name + ", module: m, matchImages: [\"" + pattern + "\"]" + more + "}\n";
}

TEST(RuleWarnings, SayNothingOfAFileThatMeansWhatItSays) {
  EXPECT_THAT(
      warningsOf(rule("a", "docker.example.com") + rule("b", "*.example.com") + rule("c", "localhost") +
                 rule("d", "mirror:5000/team/") +
                 rule("e", "e.example.com", ", audience: a, allow: [{namespace: \"team-*\"}, {namespace: ci}]")),
      IsEmpty());
}

TEST(RuleWarnings, TellOfAPathThatIsABarePrefix) {
  EXPECT_THAT(warningsOf(rule("a", "gcr.io/team-a")),
              ElementsAre(AllOf(HasSubstr("4:38: providers[0].matchImages[0]: "), HasSubstr("gcr.io/team-ab"))));
  EXPECT_THAT(warningsOf(rule("a", "gcr.io/team/app")), ElementsAre(HasSubstr("gcr.io/team/appb")));
  EXPECT_THAT(warningsOf(rule("a", "*.gcr.io:5000/team-")), ElementsAre(HasSubstr("plain prefixes")));
  EXPECT_THAT(warningsOf(rule("a", "gcr.io/team-a/")), IsEmpty());
}

TEST(RuleWarnings, TellOfAHostWithCapitals) {
  for (const std::string host : {"GCR.io", "gcr.IO", "*.Example.com:5000", "Registry"}) {
    EXPECT_THAT(warningsOf(rule("a", host)), ElementsAre(HasSubstr("uppercase letters"))) << host;
  }
}

TEST(RuleWarnings, TellOfEachAllowEntryThatAdmitsEverybody) {
  for (const std::string entry : {"{namespace: \"*\"}", "{namespace: \"**\", serviceAccount: \"*\"}",
                                  "{namespace: \"*\", serviceAccount: \"***\"}"}) {
    EXPECT_THAT(warningsOf(rule("a", "a.test", ", audience: a, allow: [{namespace: b}, " + entry + "]")),
                ElementsAre(AllOf(HasSubstr("providers[0].allow[1]: "), HasSubstr("every service account"))))
        << entry;
  }
  for (const std::string entry :
       {"{namespace: \"*\", serviceAccount: puller}", "{namespace: \"?*\"}", "{namespace: a}"}) {
    EXPECT_THAT(warningsOf(rule("a", "a.test", ", audience: a, allow: [" + entry + "]")), IsEmpty()) << entry;
  }
}

TEST(RuleWarnings, TellWhoMayRunWhatARuleWithoutIdentityPulls) {
  EXPECT_THAT(warningsOf(rule("a", "a.test") + rule("mirror", "b.test", ", identity: none")),
              ElementsAre(AllOf(HasSubstr("providers[1].identity: "), HasSubstr("rule mirror"), HasSubstr("every pod"),
                                HasSubstr("KEP-2535"))));
}

TEST(RuleWarnings, TellOfValuesThatLookLikeVariables) {
  EXPECT_THAT(warningsOf(rule("a", "a.test", ", audience: \"${AUDIENCE}\"")),
              ElementsAre(AllOf(HasSubstr("providers[0].audience: "), HasSubstr("variables are not expanded"))));
}

TEST(RuleWarnings, TellOfSeveralAudiencesOnce) {
  EXPECT_THAT(
      warningsOf(rule("a", "a.test") + rule("b", "b.test", ", audience: b") + rule("c", "c.test", ", audience: b")),
      ElementsAre(AllOf(HasSubstr("4:1: providers: "), HasSubstr("2 audiences (a, b)"))));
  EXPECT_THAT(warningsOf(rule("a", "a.test") + rule("b", "b.test")), IsEmpty());
}

TEST(RuleWarnings, TellOfAPatternThatNeverWins) {
  // Of all hosts of one label without a port, the kubelet asks for localhost only.
  EXPECT_THAT(warningsOf(rule("a", "local*") + rule("b", "localhost")),
              ElementsAre(AllOf(HasSubstr("providers[0].matchImages[0]: "), HasSubstr("rule b answers"))));
}

// Why the warning above is rare: a pattern that matches all that another one matches is never the more specific of the two.
TEST(RuleWarnings, KnowNoOtherPatternThatNeverWins) {
  std::vector<std::string> hosts;
  for (const std::string first : {"*", "a", "a*", "*a", "a*b", "*a*", "ab"}) {
    for (const std::string second : {"test", "x.test", "*.test"}) hosts.push_back(first + "." + second);
  }
  for (const std::string& left : hosts) {
    for (const std::string& right : hosts) {
      const std::string text = "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders:\n" +
                               rule("l", left) + rule("r", right);
      if (!readBrokerConfig(text, "f").problems.empty()) continue;  // a tie
      EXPECT_THAT(warningsOf(rule("l", left) + rule("r", right)), IsEmpty()) << left << " " << right;
    }
  }
}

}  // namespace
}  // namespace rcb::test
