#include "core/kubelet/provider_rules.hpp"

#include "core/kubelet/provider_entries.hpp"
#include "core/kubelet/provider_file_reader.hpp"

#include <gmock/gmock.h>

#include <map>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// What the tests' modules are like.
const ProviderDescription* provider(const std::string& name) {
  static const std::map<std::string, ProviderDescription> known = {
      {"exchange",
       {.name = "exchange",
        .needsToken = true,
        .settings = {{.name = "must", .required = true, .annotatable = true}, {.name = "may", .annotatable = true}}}},
      {"plain", {.name = "plain"}},
      {"echo", {.name = "echo", .needsToken = true, .returnsToken = true}},
  };
  const auto found = known.find(name);
  return found != known.end() ? &found->second : nullptr;
}

LoadedConfig configOf(const std::string& rules) {
  LoadedConfig loaded = readBrokerConfig(
      "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders:\n" + rules, "broker.yaml");
  EXPECT_THAT(loaded.problems, IsEmpty());
  return loaded;
}

std::vector<const ProviderDescription*> descriptionsOf(const BrokerConfig& config) {
  std::vector<const ProviderDescription*> descriptions;
  for (const Rule& rule : config.rules) descriptions.push_back(provider(rule.module));
  return descriptions;
}

std::vector<ProviderEntry> entriesOf(const std::string& entries, KubeletVersion version) {
  const LoadedProviderFile loaded =
      readProviderFile("apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:\n" + entries,
                       "k.yaml", version);
  for (const Problem& problem : loaded.problems) ADD_FAILURE() << problem.line("k.yaml");
  return loaded.entries;
}

std::vector<std::string> linesOf(const std::vector<Disagreement>& found) {
  std::vector<std::string> lines;
  for (const Disagreement& one : found) {
    lines.push_back((one.fatal ? "problem: " : "warning: ") + (one.file.empty() ? "broker" : one.file) + ": " +
                    one.problem.path + ": " + one.problem.reason);
  }
  return lines;
}

std::vector<std::string> disagreements(const std::string& entries, const std::string& rules,
                                       KubeletVersion version = {34}) {
  const LoadedConfig loaded = configOf(rules);
  return linesOf(compareWithRules(entriesOf(entries, version), loaded.config, descriptionsOf(loaded.config), version));
}

std::string rule(const std::string& name, const std::string& images, const std::string& more = "audience: a",
                 const std::string& module = "exchange") {
  return "- {name: " + name + ", module: " + module + ", matchImages: [" + images + "], " + more + "}\n";
}

std::string entry(const std::string& name, const std::string& images, const std::string& more = "") {
  return "- {name: " + name +
         ", apiVersion: credentialprovider.kubelet.k8s.io/v1, defaultCacheDuration: 0s, matchImages: [" + images + "]" +
         (more.empty() ? "" : ", " + more) + "}\n";
}

std::string token(const std::string& audience, const std::string& more = "",
                  const std::string& cacheType = "ServiceAccount", const std::string& require = "true") {
  return "tokenAttributes: {serviceAccountTokenAudience: " + audience + ", cacheType: " + cacheType +
         ", requireServiceAccount: " + require + more + "}";
}

TEST(ProviderRules, AreFulfilledByEntriesThatFit) {
  EXPECT_THAT(
      disagreements(entry("b", "a.test, \"*.b.test\"", token("a", ", optionalServiceAccountAnnotationKeys: [k]")),
                    rule("r", "a.test, \"*.b.test\"", "audience: a, annotations: {k: {setting: must}}")),
      IsEmpty());
  EXPECT_THAT(disagreements(entry("b", "a.test"), rule("r", "a.test", "identity: none", "plain")), IsEmpty());
  EXPECT_THAT(disagreements(entry("b", "a.test", token("a", "", "Token")), rule("r", "a.test", "audience: a", "echo")),
              IsEmpty());
}

TEST(ProviderRules, RefuseAPatternThatNoRuleAnswersFor) {
  EXPECT_THAT(disagreements(entry("b", "a.test, other.test", token("a")), rule("r", "a.test")),
              ElementsAre("problem: k.yaml: providers[0].matchImages[1]: no rule answers for images of other.test: "
                          "\"a\" does not match "
                          "\"other\""));
  EXPECT_THAT(
      disagreements(entry("b", "\"a.test:5000\"", token("a")), rule("r", "a.test") + rule("s", "b.test")),
      ElementsAre(HasSubstr("providers[0].matchImages[0]: no rule answers for images of a.test:5000"),
                  HasSubstr("warning: broker: providers[0]: the kubelet runs the program for no image of rule r"),
                  HasSubstr("warning: broker: providers[1]: ")));
  EXPECT_THAT(disagreements(entry("b", "a.test", token("a")), rule("r", "\"a.test:5000\"")),
              ElementsAre(HasSubstr("images of a.test: the pattern has port 5000, the image has no port"),
                          HasSubstr("warning: broker")));
}

TEST(ProviderRules, WarnOfAPatternThatIsWiderThanTheRules) {
  EXPECT_THAT(disagreements(entry("b", "\"*.test\"", token("a")), rule("r", "a.test")),
              ElementsAre("warning: k.yaml: providers[0].matchImages[0]: no rule answers for some of its images, such "
                          "as x7q.test/x7q"));
  EXPECT_THAT(disagreements(entry("b", "a.test", token("a")), rule("r", "a.test/team/")),
              ElementsAre(HasSubstr("no rule answers for some of its images, such as a.test/x7q")));
  EXPECT_THAT(disagreements(entry("b", "a.test/team", token("a")), rule("r", "a.test")), IsEmpty());
  EXPECT_THAT(disagreements(entry("b", "a.test", token("a")), rule("r", "\"*.test\"")), IsEmpty());
}

TEST(ProviderRules, RefuseAnotherAudienceThanTheRules) {
  EXPECT_THAT(disagreements(entry("b", "a.test", token("x")), rule("r", "a.test")),
              ElementsAre("problem: k.yaml: providers[0].tokenAttributes.serviceAccountTokenAudience: requests tokens "
                          "for \"x\", but rule "
                          "r, which answers for a.test/image, accepts tokens for \"a\" only"));
  EXPECT_THAT(
      disagreements(entry("b", "\"*.test\"", token("a")), rule("r", "\"*.test\"") + rule("s", "s.test", "audience: b")),
      ElementsAre(HasSubstr(
          "requests tokens for \"a\", but rule s, which answers for s.test/image, accepts tokens for \"b\" only")));
}

TEST(ProviderRules, WarnOfAnotherAudienceIfAnotherEntryHasTheRightOne) {
  EXPECT_THAT(
      disagreements(entry("b", "\"*.test\"", token("a")) + entry("c", "s.test", token("b")),
                    rule("r", "\"*.test\"") + rule("s", "s.test", "audience: b")),
      ElementsAre(
          "warning: k.yaml: providers[0].tokenAttributes.serviceAccountTokenAudience: its runs for images of rule s, "
          "such "
          "as s.test/image, fail, and those of entry \"c\" succeed: it requests tokens for \"a\", and the rule accepts "
          "tokens for \"b\" only"));
}

TEST(ProviderRules, RefuseAnEntryWithoutATokenForARuleThatNeedsOne) {
  EXPECT_THAT(
      disagreements(entry("b", "a.test"), rule("r", "a.test")),
      ElementsAre(
          "problem: k.yaml: providers[0]: passes no token, but rule r, which answers for a.test/image, needs one"));
  const LoadedConfig loaded = configOf(rule("r", "a.test"));
  const auto old = compareWithRules(entriesOf(entry("b", "a.test", token("a")), {31}), loaded.config,
                                    descriptionsOf(loaded.config), {31});
  ASSERT_EQ(old.size(), 1U);
  EXPECT_EQ(old.front().problem.advice, "use Kubernetes 1.33 or later: kubelets before pass no tokens");
  EXPECT_THAT(disagreements(entry("b", "a.test") + entry("c", "a.test", token("a")), rule("r", "a.test")),
              ElementsAre(HasSubstr(
                  "warning: k.yaml: providers[0]: its runs for images of rule r, such as a.test/image, fail, and those "
                  "of entry \"c\" succeed: it passes no token, and the rule needs one")));
}

TEST(ProviderRules, SayNothingOfWhatAnEntryLacks) {
  ProviderEntry incomplete;
  incomplete.matchImages = {"a.test", "a b"};
  incomplete.tokenAttributes.emplace();
  const LoadedConfig loaded = configOf(rule("r", "a.test", "audience: a", "echo"));
  EXPECT_THAT(linesOf(compareWithRules({incomplete}, loaded.config, descriptionsOf(loaded.config), {34})), IsEmpty());
}

TEST(ProviderRules, WarnOfPodsWithoutAServiceAccount) {
  EXPECT_THAT(
      disagreements(entry("b", "a.test", token("a", "", "ServiceAccount", "false")), rule("r", "a.test")),
      ElementsAre(
          "warning: k.yaml: providers[0].tokenAttributes.requireServiceAccount: for pods without a service account the "
          "program runs without a token, which rule r refuses"));
  EXPECT_THAT(disagreements(entry("b", "a.test", token("a")), rule("r", "a.test", "identity: none", "plain")),
              ElementsAre("warning: k.yaml: providers[0].tokenAttributes.requireServiceAccount: pods without a service "
                          "account, such as "
                          "static pods, get no credential from rule r, which needs no token"));
}

TEST(ProviderRules, RefuseToCacheThePodsTokenForOthers) {
  EXPECT_THAT(disagreements(entry("b", "a.test", token("a")), rule("r", "a.test", "audience: a", "echo")),
              ElementsAre("problem: k.yaml: providers[0].tokenAttributes.cacheType: is ServiceAccount, but rule r "
                          "returns the pod's own "
                          "token, which the kubelet then discards"));
  EXPECT_THAT(disagreements(entry("b", "a.test", token("a", "", "Token")), rule("r", "a.test")),
              ElementsAre(HasSubstr(
                  "warning: k.yaml: providers[0].tokenAttributes.cacheType: is Token, so each pod needs an exchange of "
                  "its own")));
  EXPECT_THAT(
      disagreements(entry("b", "a.test", token("a", "", "Token")), rule("r", "a.test", "audience: a", "unknown")),
      IsEmpty());
}

TEST(ProviderRules, CompareTheAnnotations) {
  EXPECT_THAT(
      disagreements(entry("b", "a.test",
                          token("a",
                                ", optionalServiceAccountAnnotationKeys: [x], "
                                "requiredServiceAccountAnnotationKeys: [z]")),
                    rule("r", "a.test",
                         "audience: a, annotations: {k: {setting: must}, l: {setting: may}, x: {setting: other}}")),
      ElementsAre(
          "problem: k.yaml: providers[0].tokenAttributes: does not pass the annotation \"k\", from which rule r takes "
          "must, which must be set",
          "warning: k.yaml: providers[0].tokenAttributes: does not pass the annotation \"l\", from which rule r takes "
          "may",
          "warning: k.yaml: providers[0].tokenAttributes.requiredServiceAccountAnnotationKeys: no rule of the entry "
          "uses "
          "the annotation \"z\""));
  EXPECT_THAT(
      disagreements(entry("b", "a.test", token("a")),
                    rule("r", "a.test", "audience: a, settings: {must: x}, annotations: {k: {setting: must}}")),
      ElementsAre(HasSubstr("warning: k.yaml: providers[0].tokenAttributes: does not pass the annotation \"k\"")));
}

TEST(ProviderRules, WarnOfAnImageForWhichTwoEntriesRun) {
  EXPECT_THAT(
      disagreements(entry("b", "\"*.test\"", token("a")) + entry("c", "other.io, a.test", token("a")),
                    rule("r", "\"*.test\", other.io")),
      ElementsAre(
          "warning: k.yaml: providers[1].matchImages[1]: matches images of entry \"b\" too, such as a.test/image, for "
          "which the kubelet runs both"));
}

TEST(ProviderRules, WarnOfARuleThatNoEntryReaches) {
  EXPECT_THAT(disagreements(entry("b", "a.test", token("a")), rule("r", "a.test") + rule("s", "b.test")),
              ElementsAre("warning: broker: providers[1]: the kubelet runs the program for no image of rule s"));
}

TEST(ProviderRules, KnowPatternsThatNoImageMatches) {
  EXPECT_THAT(
      linesOf(findUnmatchable(
          entriesOf(entry("b", "a.test/*, \"https://a.test\", \"\", registry, a.test/Team, \"*\", localhost"), {34}))),
      ElementsAre(
          "warning: k.yaml: providers[0].matchImages[0]: no image matches \"a.test/*\": its path contains '*', which "
          "the "
          "kubelet takes literally; remove it, since a path is a prefix",
          HasSubstr("matchImages[1]: no image matches \"https://a.test\": it begins with a scheme"),
          HasSubstr("matchImages[2]: no image matches \"\": it is empty"),
          HasSubstr("matchImages[3]: no image matches \"registry\": its host has neither a dot nor a port"),
          HasSubstr("matchImages[4]: no image matches \"a.test/Team\": its path contains an uppercase letter")));
}

TEST(ProviderRules, AreFulfilledByTheEntriesThatAreMadeOfTheRules) {
  const LoadedConfig loaded =
      configOf(rule("a", "a.test", "audience: a, annotations: {k: {setting: must}}") +
               rule("b", "\"*.b.test\"", "audience: a", "echo") +
               rule("c", "\"c.test:5000/x\"", "identity: none", "plain") + rule("d", "\"d.test\"", "audience: d"));
  const auto descriptions = descriptionsOf(loaded.config);
  for (int minor = kTokensSince.minor; minor <= kNewestKubelet.minor; ++minor) {
    const ProviderEntries made = providerEntries(loaded.config, descriptions, {minor}, "");
    EXPECT_THAT(linesOf(compareWithRules(made.entries, loaded.config, descriptions, {minor})), IsEmpty()) << minor;
  }
}

TEST(ProviderRules, AreComparedForAsManyPatternsAsABrokerFileMayHave) {
  std::string rules;
  std::string patterns;
  for (int i = 0; i < 500; ++i) {
    const std::string pattern = "a.test/team-" + std::to_string(i) + "/";
    rules += rule("r" + std::to_string(i), pattern);
    patterns += (i == 0 ? "" : ", ") + pattern;
  }
  EXPECT_THAT(disagreements(entry("b", patterns, token("a")), rules), IsEmpty());
  EXPECT_THAT(disagreements(entry("b", "a.test", token("a")), rules), ElementsAre(HasSubstr("for some of its images")));
  std::string many;
  for (int i = 0; i < 5; ++i) many += entry("many-" + std::to_string(i), patterns, token("a"));
  EXPECT_THAT(
      disagreements(many, rules),
      ElementsAre(HasSubstr("was not compared with the kubelet's file: it has 500 patterns, and the kubelet's 2500")));
}

}  // namespace
}  // namespace rcb
