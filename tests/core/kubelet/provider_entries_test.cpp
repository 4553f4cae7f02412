#include "core/kubelet/provider_entries.hpp"

#include <gmock/gmock.h>

#include <map>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr KubeletVersion kUsual{34};

// What the tests' modules are like: `exchange` and `echo` have a setting each that must be set, may be set, and excludes another.
const ProviderDescription& provider(const std::string& name) {
  static const std::vector<SettingSpec> settings = {
      {.name = "must", .required = true, .annotatable = true},
      {.name = "may", .annotatable = true},
      {.name = "usual", .required = true, .annotatable = true, .defaultValue = "x"},
      {.name = "this", .annotatable = true},
      {.name = "that", .annotatable = true},
  };
  static const std::vector<SettingRelation> relations = {{RelationKind::kOneOf, {"this", "that"}}};
  static const std::map<std::string, ProviderDescription> known = {
      {"exchange", {.name = "exchange", .needsToken = true, .settings = settings, .relations = relations}},
      {"plain", {.name = "plain"}},
      {"echo", {.name = "echo", .needsToken = true, .returnsToken = true}},
  };
  return known.at(name);
}

ProviderEntries entriesFor(const std::string& rules, KubeletVersion version = kUsual, const std::string& file = "") {
  const LoadedConfig loaded = readBrokerConfig(
      "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders:\n" + rules, "broker.yaml");
  EXPECT_THAT(loaded.problems, IsEmpty());
  std::vector<const ProviderDescription*> descriptions;
  for (const Rule& rule : loaded.config.rules) {
    descriptions.push_back(rule.module == "missing" ? nullptr : &provider(rule.module));
  }
  return providerEntries(loaded.config, descriptions, version, file);
}

std::string rule(const std::string& name, const std::string& module, const std::string& images,
                 const std::string& more) {
  return "- {name: " + name + ", module: " + module + ", matchImages: [" + images + "], " + more + "}\n";
}

std::vector<std::string> namesOf(const ProviderEntries& made) {
  std::vector<std::string> names;
  for (const ProviderEntry& entry : made.entries) names.push_back(entry.name);
  return names;
}

TEST(ProviderEntries, OfOneRuleAreOneOfThePlainName) {
  const ProviderEntries made = entriesFor(rule("a", "plain", "a.test", "audience: x"));
  ASSERT_EQ(made.entries.size(), 1U);
  const ProviderEntry& entry = made.entries.front();
  EXPECT_EQ(entry.name, "registry-credential-broker");
  EXPECT_EQ(entry.apiVersion, "credentialprovider.kubelet.k8s.io/v1");
  EXPECT_THAT(entry.matchImages, ElementsAre("a.test"));
  EXPECT_EQ(entry.defaultCacheDuration, "0s");
  EXPECT_THAT(entry.args, IsEmpty());
  ASSERT_TRUE(entry.tokenAttributes);
  EXPECT_EQ(entry.tokenAttributes->audience, "x");
  EXPECT_EQ(entry.tokenAttributes->cacheType, "ServiceAccount");
  EXPECT_TRUE(entry.tokenAttributes->requireServiceAccount);
  EXPECT_THAT(made.leftOut, IsEmpty());
}

TEST(ProviderEntries, AreSharedByRulesOfOneAudience) {
  const ProviderEntries made =
      entriesFor(rule("a", "plain", "a.test, b.test, a.test", "audience: x") +
                 rule("b", "plain", "c.test", "audience: y") + rule("c", "plain", "d.test", "audience: x"));
  EXPECT_THAT(namesOf(made), ElementsAre("registry-credential-broker", "registry-credential-broker-b"));
  EXPECT_THAT(made.entries[0].matchImages, ElementsAre("a.test", "b.test", "d.test"));
}

TEST(ProviderEntries, KeepTheirNamesWhenARuleIsAddedAtTheEnd) {
  const std::string rules =
      rule("a", "plain", "a.test", "audience: x") + rule("b", "plain", "b.test", "identity: none");
  const auto before = namesOf(entriesFor(rules));
  const auto after = namesOf(entriesFor(rules + rule("c", "plain", "c.test", "audience: z")));
  ASSERT_EQ(after.size(), 3U);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin()));
}

TEST(ProviderEntries, HaveNamesOfTheirOwnHoweverAudiencesLook) {
  const ProviderEntries made = entriesFor(rule("a", "plain", "a.test", "audience: https://x/y z") +
                                          rule("b", "plain", "b.test", "audience: 'https://x/y/z'") +
                                          rule("c", "plain", "c.test", "audience: ..") +
                                          rule(std::string(63, 'n'), "plain", "d.test", "audience: '*'"));
  EXPECT_THAT(namesOf(made),
              ElementsAre("registry-credential-broker", "registry-credential-broker-b", "registry-credential-broker-c",
                          "registry-credential-broker-" + std::string(63, 'n')));
}

TEST(ProviderEntries, PassNoTokenToRulesWithoutIdentity) {
  const ProviderEntries made =
      entriesFor(rule("a", "plain", "a.test", "identity: none") + rule("b", "plain", "b.test", "identity: none"));
  ASSERT_EQ(made.entries.size(), 1U);
  EXPECT_FALSE(made.entries[0].tokenAttributes);
  EXPECT_THAT(made.entries[0].matchImages, ElementsAre("a.test", "b.test"));
}

TEST(ProviderEntries, KeepAnswersThatAreTheTokenForThatTokenOnly) {
  const ProviderEntries made =
      entriesFor(rule("a", "plain", "a.test", "audience: x") + rule("b", "echo", "b.test", "audience: x"));
  ASSERT_EQ(made.entries.size(), 2U);
  EXPECT_EQ(made.entries[0].tokenAttributes->cacheType, "ServiceAccount");
  EXPECT_EQ(made.entries[1].tokenAttributes->cacheType, "Token");
  EXPECT_EQ(made.entries[1].name, "registry-credential-broker-b");
}

TEST(ProviderEntries, SuitEveryModuleIfTheModuleIsNotThere) {
  const ProviderEntries made =
      entriesFor(rule("a", "missing", "a.test", "audience: x, annotations: {k: {setting: must}}"));
  EXPECT_EQ(made.entries.at(0).tokenAttributes->cacheType, "Token");
  EXPECT_THAT(made.entries.at(0).tokenAttributes->requiredAnnotationKeys, IsEmpty());
  EXPECT_THAT(made.entries.at(0).tokenAttributes->optionalAnnotationKeys, ElementsAre("k"));
}

TEST(ProviderEntries, HaveNoCacheTypeBefore134) {
  const ProviderEntries made = entriesFor(rule("a", "echo", "a.test", "audience: x"), KubeletVersion{33});
  EXPECT_EQ(made.entries.at(0).tokenAttributes->cacheType, "");
}

TEST(ProviderEntries, LeaveOutBefore133WhatNeedsAToken) {
  const ProviderEntries made =
      entriesFor(rule("a", "plain", "a.test", "audience: x") + rule("b", "plain", "b.test", "identity: none") +
                     rule("c", "echo", "c.test", "audience: y"),
                 KubeletVersion{32});
  EXPECT_THAT(namesOf(made), ElementsAre("registry-credential-broker-b"));  // as on a newer node
  EXPECT_THAT(made.leftOut, ElementsAre("a", "c"));
}

TEST(ProviderEntries, NameTheBrokerFileIfItIsNotTheDefault) {
  const ProviderEntries made = entriesFor(rule("a", "plain", "a.test", "audience: x"), kUsual, "/etc/other.yaml");
  EXPECT_THAT(made.entries.at(0).args, ElementsAre("--config", "/etc/other.yaml"));
}

TEST(ProviderEntries, RequireOnlyAnnotationsThatNoPodCanDoWithout) {
  const auto attributes = [](const std::string& settings, const std::string& annotations) {
    return *entriesFor(rule("a", "exchange", "a.test",
                            "audience: x, settings: {" + settings + "}, annotations: {" + annotations + "}"))
                .entries.at(0)
                .tokenAttributes;
  };
  const TokenAttributes all =
      attributes("this: x", "k/must: {setting: must}, k/may: {setting: may}, k/u: {setting: usual}");
  EXPECT_THAT(all.requiredAnnotationKeys, ElementsAre("k/must"));
  EXPECT_THAT(all.optionalAnnotationKeys, ElementsAre("k/may", "k/u"));

  // The file has a value already.
  EXPECT_THAT(attributes("this: x, must: y", "k/must: {setting: must}").requiredAnnotationKeys, IsEmpty());
  // Exactly one of two, and one annotation to set it, or two.
  EXPECT_THAT(attributes("must: y", "k/this: {setting: this}").requiredAnnotationKeys, ElementsAre("k/this"));
  EXPECT_THAT(attributes("must: y", "k/this: {setting: this}, k/that: {setting: that}").requiredAnnotationKeys,
              IsEmpty());
}

TEST(ProviderEntries, RequireNoAnnotationThatAnotherRuleOfTheEntryDoesWithout) {
  const std::string needs = "audience: x, settings: {this: x}, annotations: {k: {setting: must}}";
  const std::string both = rule("a", "exchange", "a.test", needs) + rule("b", "exchange", "b.test", needs);
  EXPECT_THAT(entriesFor(both).entries.at(0).tokenAttributes->requiredAnnotationKeys, ElementsAre("k"));
  const ProviderEntries made = entriesFor(both + rule("c", "plain", "c.test", "audience: x"));
  EXPECT_THAT(made.entries.at(0).tokenAttributes->requiredAnnotationKeys, IsEmpty());
  EXPECT_THAT(made.entries.at(0).tokenAttributes->optionalAnnotationKeys, ElementsAre("k"));
}

}  // namespace
}  // namespace rcb
