#include "core/settings/broker_config.hpp"

#include "tests/core/settings/read_broker_file.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using test::configOf;
using test::fileWith;
using test::problemsOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

// The only problem of the complete file with `more` added to its rule.
std::string problemWith(const std::string& more) {
  const auto problems = problemsOf(fileWith(more));
  EXPECT_EQ(problems.size(), 1u) << testing::PrintToString(problems);
  return problems.empty() ? "" : problems.front();
}

// --- What is read ---

constexpr std::string_view kEverything = R"(apiVersion: registry-credential-broker/v1alpha1
kind: BrokerConfig
deadline: 30s
logLevel: debug
providers:
- name: cloudsmith
  module: cloudsmith
  matchImages: ["docker.cloudsmith.io", "*.packages.example.com/acme"]
  identity: serviceAccount
  audience: cloudsmith
  allow:
  - {namespace: "team-*", serviceAccount: puller}
  - {namespace: ci}
  settings: {organization: acme, headers: ["X-A: 1", "X-B: 2"]}
  annotations:
    cloudsmith.io/org-slug: {setting: organization, oneOf: [acme, globex]}
    cloudsmith.io/service-slug: {setting: service}
  tls: {caFile: /etc/ca.pem, caMode: replace, clientCertificateFile: /etc/c.pem, clientKeyFile: /etc/k.pem}
  maxCacheDuration: 1h30m
- name: mirror
  module: /usr/lib/rcb/librcb-provider-mirror.so
  matchImages: ["mirror.internal:5000"]
  identity: none
)";

TEST(BrokerConfig, ReadsEveryKeyOfTheFile) {
  const BrokerConfig config = configOf(std::string(kEverything));
  EXPECT_EQ(config.file, "f");
  EXPECT_EQ(config.deadline, std::chrono::seconds(30));
  EXPECT_EQ(config.logLevel, LogLevel::kDebug);
  ASSERT_EQ(config.rules.size(), 2u);
  ASSERT_EQ(config.patterns.size(), 3u);
  EXPECT_EQ(config.patterns[1].rule, 0u);
  EXPECT_EQ(config.patterns[1].pattern.text, "*.packages.example.com/acme");
  EXPECT_EQ(config.patterns[2].rule, 1u);
}

TEST(BrokerConfig, ReadsEveryKeyOfARule) {
  const Rule rule = configOf(std::string(kEverything)).rules.at(0);
  EXPECT_EQ(rule.name, "cloudsmith");
  EXPECT_EQ(rule.module, "cloudsmith");
  EXPECT_EQ(rule.mark, (Mark{6, 3}));
  EXPECT_EQ(rule.moduleMark, (Mark{7, 11}));
  EXPECT_TRUE(rule.identity.tokenRequired);
  EXPECT_EQ(rule.identity.audience, "cloudsmith");
  ASSERT_TRUE(rule.identity.allow.has_value());
  ASSERT_EQ(rule.identity.allow->size(), 2u);
  EXPECT_EQ(rule.identity.allow->at(0).namespaceName, "team-*");
  EXPECT_EQ(rule.identity.allow->at(0).serviceAccount, "puller");
  EXPECT_EQ(rule.identity.allow->at(1).serviceAccount, "*");
  EXPECT_EQ(rule.tls.caFile, "/etc/ca.pem");
  EXPECT_TRUE(rule.tls.caReplacesSystem);
  EXPECT_EQ(rule.tls.clientCertificateFile, "/etc/c.pem");
  EXPECT_EQ(rule.tls.clientKeyFile, "/etc/k.pem");
  EXPECT_EQ(rule.maxCacheDuration, std::chrono::minutes(90));
}

TEST(BrokerConfig, ReadsTheEntriesOfAMapInTheirOrderWithMarks) {
  const Rule rule = configOf(fileWith("  settings: {tags: {zone: a, env.name: 2}, x: y}\n")).rules.at(0);
  ASSERT_EQ(rule.settings.size(), 3u);
  EXPECT_EQ(rule.settings[0].name, "tags");
  EXPECT_EQ(rule.settings[0].entry, "zone");
  EXPECT_EQ(rule.settings[0].value, "a");
  EXPECT_FALSE(rule.settings[0].inList);
  EXPECT_EQ(rule.settings[0].mark, (Mark{8, 27}));
  EXPECT_EQ(rule.settings[1].entry, "env.name");
  EXPECT_EQ(rule.settings[1].value, "2");
  EXPECT_EQ(rule.settings[2].entry, "");
}

TEST(BrokerConfig, ReadsSettingsAndAnnotationsInTheirOrderWithMarks) {
  const Rule rule = configOf(std::string(kEverything)).rules.at(0);
  ASSERT_EQ(rule.settings.size(), 3u);
  EXPECT_EQ(rule.settings[0].name, "organization");
  EXPECT_EQ(rule.settings[0].value, "acme");
  EXPECT_FALSE(rule.settings[0].inList);
  EXPECT_EQ(rule.settings[0].mark, (Mark{14, 28}));
  EXPECT_EQ(rule.settings[2].name, "headers");
  EXPECT_EQ(rule.settings[2].value, "X-B: 2");
  EXPECT_TRUE(rule.settings[2].inList);
  ASSERT_EQ(rule.annotations.size(), 2u);
  EXPECT_EQ(rule.annotations[0].annotation, "cloudsmith.io/org-slug");
  EXPECT_EQ(rule.annotations[0].setting, "organization");
  EXPECT_THAT(*rule.annotations[0].oneOf, ElementsAre("acme", "globex"));
  EXPECT_EQ(rule.annotations[0].mark, (Mark{16, 5}));
  EXPECT_FALSE(rule.annotations[1].oneOf.has_value());
}

TEST(BrokerConfig, HasTheDefaultsThatTheTypesHave) {
  const BrokerConfig config = configOf(fileWith(""));
  const BrokerConfig none;
  EXPECT_EQ(config.deadline, none.deadline);
  EXPECT_EQ(config.logLevel, none.logLevel);
  const Rule& rule = config.rules.at(0);
  const Rule empty;
  EXPECT_EQ(rule.identity.tokenRequired, empty.identity.tokenRequired);
  EXPECT_FALSE(rule.identity.allow.has_value());
  EXPECT_THAT(rule.settings, IsEmpty());
  EXPECT_THAT(rule.annotations, IsEmpty());
  EXPECT_EQ(rule.tls.caFile, "");
  EXPECT_EQ(rule.tls.caReplacesSystem, empty.tls.caReplacesSystem);
  EXPECT_EQ(rule.maxCacheDuration, empty.maxCacheDuration);
}

TEST(BrokerConfig, ReadsEveryLogLevel) {
  EXPECT_EQ(configOf("logLevel: error\n" + fileWith("")).logLevel, LogLevel::kError);
  EXPECT_EQ(configOf("logLevel: warn\n" + fileWith("")).logLevel, LogLevel::kWarn);
  EXPECT_EQ(configOf("logLevel: info\n" + fileWith("")).logLevel, LogLevel::kInfo);
  EXPECT_EQ(configOf("logLevel: debug\n" + fileWith("")).logLevel, LogLevel::kDebug);
}

TEST(BrokerConfig, ReadsTheSameFromJson) {
  const BrokerConfig config = configOf(R"({"apiVersion":"registry-credential-broker/v1alpha1","kind":"BrokerConfig",
	"providers":[{"name":"a","module":"static-token","matchImages":["a.example.com:5000"],"identity":"none",
	"settings":{"retries":3,"verbose":false,"username":"x"},"maxCacheDuration":"0s"}]})");
  ASSERT_EQ(config.rules.size(), 1u);
  EXPECT_FALSE(config.rules[0].identity.tokenRequired);
  EXPECT_EQ(config.rules[0].settings[0].value, "3");
  EXPECT_EQ(config.rules[0].settings[1].value, "false");
  EXPECT_EQ(config.rules[0].maxCacheDuration, std::chrono::seconds(0));
}

TEST(BrokerConfig, KeepsScalarsThatOtherReadersConvert) {
  const Rule rule =
      configOf(fileWith("  settings: {a: no, b: 0123, c: 1:30, d: 123, e: 1e3, f: on, g: 1.10}\n")).rules.at(0);
  std::string values;
  for (const Setting& setting : rule.settings) values += setting.value + " ";
  EXPECT_EQ(values, "no 0123 1:30 123 1e3 on 1.10 ");
}

TEST(BrokerConfig, TakesLimitsAsPartOfTheirRange) {
  EXPECT_EQ(configOf("deadline: 1s\n" + fileWith("")).deadline, std::chrono::seconds(1));
  EXPECT_EQ(configOf("deadline: 50s\n" + fileWith("")).deadline, std::chrono::seconds(50));
  EXPECT_EQ(configOf(fileWith("  maxCacheDuration: 24h\n")).rules.at(0).maxCacheDuration, std::chrono::hours(24));
  EXPECT_EQ(configOf(fileWith("  maxCacheDuration: 1999ms\n")).rules.at(0).maxCacheDuration, std::chrono::seconds(1));
}

TEST(BrokerConfig, TakesEmptyMapsAsNothing) {
  const Rule rule = configOf(fileWith("  settings: {}\n  annotations: {}\n  tls: {}\n")).rules.at(0);
  EXPECT_THAT(rule.settings, IsEmpty());
  EXPECT_THAT(rule.annotations, IsEmpty());
}

// --- The file as a whole ---

TEST(BrokerConfig, RefusesAFileThatIsNotAMap) {
  EXPECT_THAT(problemsOf("- a"), ElementsAre("1:1: must be a map, not a list"));
  EXPECT_THAT(problemsOf("hello"), ElementsAre("1:1: must be a map, not a string"));
  EXPECT_THAT(problemsOf("~"), ElementsAre("1:1: has no value"));
  EXPECT_THAT(problemsOf(""), ElementsAre("the file is empty"));
}

TEST(BrokerConfig, NamesEveryKeyThatIsMissing) {
  EXPECT_THAT(problemsOf("{}"),
              ElementsAre("1:1: apiVersion: is missing", "1:1: kind: is missing", "1:1: providers: is missing"));
  EXPECT_THAT(problemsOf("apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders:\n- {}\n"),
              ElementsAre("4:3: providers[0].name: is missing", "4:3: providers[0].module: is missing",
                          "4:3: providers[0].matchImages: is missing", "4:3: providers[0].audience: is missing"));
}

TEST(BrokerConfig, RefusesOtherVersionsAndKinds) {
  EXPECT_THAT(problemsOf("apiVersion: example.test/v1\nkind: CredentialProviderConfig\nproviders: []\n"),
              ElementsAre("1:13: apiVersion: \"example.test/v1\" is not a valid apiVersion; use "
                          "registry-credential-broker/v1alpha1",
                          "2:7: kind: \"CredentialProviderConfig\" is not a valid kind; use BrokerConfig",
                          "3:12: providers: is an empty list; add at least one entry"));
}

// Each of their keys would be a problem of its own.
TEST(BrokerConfig, SaysWhatAFileOfKubernetesIs) {
  const auto problemsOfKind = [](const std::string& version, const std::string& kind) {
    return problemsOf("apiVersion: " + version + "\nkind: " + kind + "\nproviders:\n- name: a\nrules: []\n");
  };
  EXPECT_THAT(
      problemsOfKind("kubelet.config.k8s.io/v1", "CredentialProviderConfig"),
      ElementsAre("1:1: this is the kubelet's file (CredentialProviderConfig of kubelet.config.k8s.io/v1), not a "
                  "broker file; check it with --kubelet-config"));
  EXPECT_THAT(
      problemsOfKind("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration"),
      ElementsAre("1:1: this is the kubelet's file (KubeletConfiguration of kubelet.config.k8s.io/v1beta1), not a "
                  "broker file; the kubelet's flag --config names it"));
  EXPECT_THAT(
      problemsOfKind("rbac.authorization.k8s.io/v1", "ClusterRole"),
      ElementsAre("1:1: this is a Kubernetes object (ClusterRole of rbac.authorization.k8s.io/v1), not a broker "
                  "file"));
  // With the broker file's kind it is read as a broker file.
  EXPECT_THAT(problemsOfKind("kubelet.config.k8s.io/v1", "BrokerConfig"), testing::SizeIs(testing::Gt(1u)));
}

TEST(BrokerConfig, ShowsAllProblemsInTheOrderOfTheFile) {
  EXPECT_THAT(
      problemsOf(R"(apiVersion: registry-credential-broker/v1alpha1
kind: BrokerConfig
deadline: 60s
loglevel: warn
providers:
- name: Acme
  modul: cloudsmith
  matchImages: [docker.example.com, "a.example.com/*"]
  settings: {a: ~}
- name: b
  module: ./b.so
  matchImages: [docker.example.com]
  identity: pod
  tls: {clientKeyFile: key.pem}
)"),
      ElementsAre(
          "3:11: deadline: \"60s\" is out of range; use 1s to 50s",
          "4:1: loglevel: unknown key; did you mean \"logLevel\"?", "6:3: providers[0].module: is missing",
          "6:3: providers[0].audience: is missing",
          "6:9: providers[0].name: \"Acme\" is not a valid rule name (lowercase letters, digits and -, at most 63 "
          "characters)",
          "7:3: providers[0].modul: unknown key; did you mean \"module\"?",
          StartsWith("8:37: providers[0].matchImages[1]: \"a.example.com/*\" is not a valid image pattern: "),
          "9:17: providers[0].settings.a: has no value",
          "11:11: providers[1].module: \"./b.so\" is not the name of a provider or an absolute path",
          "12:17: providers[1].matchImages[0]: rule \"b\" at line 10 conflicts with the rule at line 6: both match "
          "docker.example.com/image equally well; make one pattern more specific",
          "13:13: providers[1].identity: \"pod\" is not a valid identity; use serviceAccount or none",
          "14:9: providers[1].tls.clientKeyFile: requires clientCertificateFile as well",
          "14:24: providers[1].tls.clientKeyFile: \"key.pem\" is not an absolute path"));
}

TEST(BrokerConfig, StopsAfterAHundredProblems) {
  std::string more;
  for (int i = 0; i < 10'000; ++i) more += "  x" + std::to_string(i) + ": 1\n";
  const auto problems = problemsOf(fileWith(more));
  EXPECT_EQ(problems.size(), ProblemList::kLimit + 1);
  EXPECT_EQ(problems.back(), "more than 100 problems; correct these first");
}

TEST(BrokerConfig, LimitsTheNumberOfRules) {
  std::string more;
  for (int i = 0; i < 10'000; ++i) more += "- {}\n";
  EXPECT_THAT(problemsOf(fileWith(more)), ElementsAre("4:1: providers: has more than 10000 rules"));
}

TEST(BrokerConfig, NeverQuotesAValueOfASetting) {
  for (const std::string& problem :
       problemsOf(fileWith("  settings: {password: [canary-1, [canary-2]], token: {canary-3: x}}\n"))) {
    EXPECT_THAT(problem, testing::Not(HasSubstr("canary")));
  }
}

// --- Types of values ---

TEST(BrokerConfig, RefusesKeysWithoutValue) {
  EXPECT_EQ(problemWith("  allow:\n"), "8:9: providers[0].allow: has no value");
  EXPECT_EQ(problemWith("  tls: ~\n"), "8:8: providers[0].tls: has no value");
  EXPECT_EQ(problemWith("  settings: null\n"), "8:13: providers[0].settings: has no value");
  EXPECT_EQ(problemWith("  settings: {a: }\n"), "8:17: providers[0].settings.a: has no value");
  EXPECT_EQ(problemWith("  settings: {a: [NULL]}\n"), "8:18: providers[0].settings.a[0]: has no value");
  EXPECT_EQ(problemWith("  maxCacheDuration:\n"), "8:20: providers[0].maxCacheDuration: has no value");
}

TEST(BrokerConfig, RefusesMapsWithoutEntriesNamesOrValues) {
  EXPECT_EQ(problemWith("  settings: {a: {}}\n"),
            "8:17: providers[0].settings.a: is an empty map; add at least one entry");
  EXPECT_EQ(problemWith("  settings: {a: {'': x}}\n"), "8:18: providers[0].settings.a[\"\"]: has an empty name");
  EXPECT_EQ(problemWith("  settings: {a: {b: }}\n"), "8:21: providers[0].settings.a.b: has no value");
  EXPECT_EQ(problemWith("  settings: {a: {b: ''}}\n"), "8:21: providers[0].settings.a.b: is empty");
  EXPECT_THAT(problemWith("  settings: {a: {b: x, b: y}}\n"), testing::HasSubstr("duplicate key"));
  EXPECT_NE(problemWith("  settings: {a: {\"b\\n\": x}}\n"), "");
}

TEST(BrokerConfig, RefusesValuesOfAnotherKind) {
  EXPECT_EQ(problemWith("  identity: [none]\n"), "8:13: providers[0].identity: must be a string, not a list");
  EXPECT_EQ(problemWith("  allow: team-*\n"), "8:10: providers[0].allow: must be a list, not a string");
  EXPECT_EQ(problemWith("  allow: {namespace: a}\n"), "8:10: providers[0].allow: must be a list, not a map");
  EXPECT_EQ(problemWith("  allow: [a]\n"), "8:11: providers[0].allow[0]: must be a map, not a string");
  EXPECT_EQ(problemWith("  settings: [a]\n"), "8:13: providers[0].settings: must be a map, not a list");
  EXPECT_EQ(problemWith("  settings: {a: {b: {c: d}}}\n"),
            "8:21: providers[0].settings.a.b: must be a string, not a map");
  EXPECT_EQ(problemWith("  settings: {a: {b: [c]}}\n"),
            "8:21: providers[0].settings.a.b: must be a string, not a list");
  EXPECT_EQ(problemWith("  settings: {a: [b, {}]}\n"), "8:21: providers[0].settings.a[1]: must be a string, not a map");
  EXPECT_EQ(problemWith("  tls: /etc/ca.pem\n"), "8:8: providers[0].tls: must be a map, not a string");
  EXPECT_EQ(problemWith("  annotations: [a]\n"), "8:16: providers[0].annotations: must be a map, not a list");
  EXPECT_EQ(problemWith("  annotations: {a: b}\n"), "8:20: providers[0].annotations.a: must be a map, not a string");
  EXPECT_EQ(problemWith("  annotations: {a: {setting: b, oneOf: c}}\n"),
            "8:40: providers[0].annotations.a.oneOf: must be a list, not a string");
  EXPECT_EQ(problemWith("- a\n"), "8:3: providers[1]: must be a map, not a string");
}

TEST(BrokerConfig, RefusesEmptyStringsAndLists) {
  EXPECT_EQ(problemWith("  settings: {a: ''}\n"), "8:17: providers[0].settings.a: is empty");
  EXPECT_EQ(problemWith("  settings: {a: []}\n"),
            "8:17: providers[0].settings.a: is an empty list; add at least one value");
  EXPECT_EQ(problemWith("  tls: {caFile: \"\"}\n"), "8:17: providers[0].tls.caFile: is empty");
  EXPECT_EQ(problemWith("  annotations: {a: {setting: ''}}\n"), "8:30: providers[0].annotations.a.setting: is empty");
  EXPECT_EQ(problemWith("  annotations: {a: {setting: b, oneOf: []}}\n"),
            "8:40: providers[0].annotations.a.oneOf: is an empty list; add at least one entry");
  EXPECT_EQ(problemWith("  annotations: {a: {setting: b, oneOf: ['']}}\n"),
            "8:41: providers[0].annotations.a.oneOf[0]: is empty");
}

TEST(BrokerConfig, RefusesAnAllowListThatAllowsNoServiceAccount) {
  EXPECT_EQ(problemWith("  allow: []\n"), "8:10: providers[0].allow: is an empty list; add at least one entry");
}

TEST(BrokerConfig, RefusesDurationsWithoutUnitOrOutOfRange) {
  EXPECT_EQ(problemWith("  maxCacheDuration: 3600\n"),
            "8:21: providers[0].maxCacheDuration: \"3600\" is not a valid duration; use a number with a unit, such as "
            "30s or 2m");
  EXPECT_EQ(problemWith("  maxCacheDuration: -1s\n"),
            "8:21: providers[0].maxCacheDuration: \"-1s\" is not a valid duration; use a number with a unit, such as "
            "30s or 2m");
  EXPECT_EQ(problemWith("  maxCacheDuration: 1:30\n"),
            "8:21: providers[0].maxCacheDuration: \"1:30\" is not a valid duration; use a number with a unit, such as "
            "30s or 2m");
  EXPECT_EQ(problemWith("  maxCacheDuration: 24h1ms\n"),
            "8:21: providers[0].maxCacheDuration: \"24h1ms\" is out of range; use 0s to 24h");
  EXPECT_THAT(problemsOf("deadline: 999ms\n" + fileWith("")),
              ElementsAre("1:11: deadline: \"999ms\" is out of range; use 1s to 50s"));
  EXPECT_THAT(problemsOf("deadline: 1m\n" + fileWith("")),
              ElementsAre("1:11: deadline: \"1m\" is out of range; use 1s to 50s"));
}

TEST(BrokerConfig, RefusesUnknownLogLevels) {
  EXPECT_THAT(problemsOf("logLevel: WARN\n" + fileWith("")),
              ElementsAre("1:11: logLevel: \"WARN\" is not a valid logLevel; use debug, info, warn or error"));
}

TEST(BrokerConfig, ShowsUntrustedTextPrintableAndShort) {
  EXPECT_EQ(problemWith("  identity: \"\xc3\xa9\"\n"),
            "8:13: providers[0].identity: \"??\" is not a valid identity; use serviceAccount or none");
  EXPECT_EQ(problemWith("  identity: " + std::string(1000, 'x') + "\n"),
            "8:13: providers[0].identity: \"" + std::string(80, 'x') +
                "...\" is not a valid identity; use serviceAccount or none");
}

// --- Unknown and duplicate keys ---

TEST(BrokerConfig, NamesTheNearestKnownKey) {
  EXPECT_EQ(problemWith("  allows: [{}]\n"), "8:3: providers[0].allows: unknown key; did you mean \"allow\"?");
  EXPECT_EQ(problemWith("  maxCacheDuraton: 1h\n"),
            "8:3: providers[0].maxCacheDuraton: unknown key; did you mean \"maxCacheDuration\"?");
  EXPECT_EQ(problemWith("  tls: {cafile: /a}\n"),
            "8:9: providers[0].tls.cafile: unknown key; did you mean \"caFile\"?");
  EXPECT_EQ(problemWith("  allow: [{namespace: a, serviceaccount: a}]\n"),
            "8:26: providers[0].allow[0].serviceaccount: unknown key; did you mean \"serviceAccount\"?");
  EXPECT_EQ(problemWith("  annotations: {a: {setting: b, values: [c]}}\n"),
            "8:33: providers[0].annotations.a.values: unknown key; expected setting or oneOf");
}

TEST(BrokerConfig, HasNoSwitchThatLeavesCertificatesUnverified) {
  EXPECT_EQ(
      problemWith("  tls: {insecureSkipVerify: true}\n"),
      "8:9: providers[0].tls.insecureSkipVerify: unknown key: verification cannot be switched off; name the authority "
      "with tls.caFile");
  for (const std::string& key : {std::string("insecure"), std::string("skipVerify"), std::string("skip_tls_verify"),
                                 std::string("tlsVerify"), std::string("ssl-verify"), std::string("verify")}) {
    const std::string hint =
        key + ": unknown key: verification cannot be switched off; name the authority with tls.caFile";
    EXPECT_EQ(problemWith("  tls: {" + key + ": false}\n"), "8:9: providers[0].tls." + hint);
    EXPECT_EQ(problemWith("  " + key + ": true\n"), "8:3: providers[0]." + hint);
    EXPECT_THAT(problemsOf(key + ": true\n" + fileWith("")), ElementsAre("1:1: " + hint));
  }
}

TEST(BrokerConfig, SendsSecretsThatAreKeysIntoAFile) {
  for (const std::string& key : {std::string("password"), std::string("token"), std::string("clientSecret"),
                                 std::string("api_key"), std::string("pass")}) {
    EXPECT_EQ(problemWith("  " + key + ": canary\n"),
              "8:3: providers[0]." + key +
                  ": unknown key: secrets are not read from this file; put it into a file and name that in settings");
  }
  EXPECT_EQ(problemWith("  passwordFile: /a\n").find("secrets are not read"), std::string::npos);
}

TEST(BrokerConfig, SaysThatVariablesAreNotExpandedWhereOneMakesAValueInvalid) {
  const std::string hint = "; variables are not expanded";
  EXPECT_EQ(
      problemWith("  maxCacheDuration: ${TTL}\n"),
      "8:21: providers[0].maxCacheDuration: \"${TTL}\" is not a valid duration; use a number with a unit, such as "
      "30s or 2m" +
          hint);
  EXPECT_EQ(problemWith("  identity: $IDENTITY\n"),
            "8:13: providers[0].identity: \"$IDENTITY\" is not a valid identity; use serviceAccount or none" + hint);
  EXPECT_EQ(problemWith("  tls: {caFile: $HOME/ca.pem}\n"),
            "8:17: providers[0].tls.caFile: \"$HOME/ca.pem\" is not an absolute path" + hint);
  EXPECT_EQ(problemWith("  allow: [{namespace: '${NS}'}]\n"),
            "8:23: providers[0].allow[0].namespace: \"${NS}\" is not a valid namespace pattern (lowercase letters, "
            "digits, -, * and ?)" +
                hint);
  EXPECT_EQ(problemWith("- {name: b, module: m, identity: none, matchImages: ['${HOST}/acme']}\n"),
            "8:54: providers[1].matchImages[0]: \"${HOST}/acme\" is not a valid image pattern: its host contains the "
            "invalid character '{'" +
                hint);
  EXPECT_THAT(problemsOf("logLevel: \"%LEVEL%\"\n" + fileWith("")), ElementsAre(testing::EndsWith(hint)));
  EXPECT_THAT(problemsOf(fileWith("  settings: {organization: ${ORG}}\n")), ElementsAre(testing::EndsWith(hint)));
  EXPECT_THAT(problemsOf(fileWith("  settings: {organization: {ORG}}}\n")), ElementsAre(Not(HasSubstr(hint))));
  EXPECT_EQ(problemWith("  tls: {caFile: a$1.pem}\n"),
            "8:17: providers[0].tls.caFile: \"a$1.pem\" is not an absolute path");
}

TEST(BrokerConfig, RefusesDuplicateKeys) {
  EXPECT_EQ(problemWith("  audience: other\n"), "8:3: providers[0].audience: duplicate key; first defined at line 7");
  EXPECT_EQ(problemWith("  settings: {a: b, a: c}\n"),
            "8:20: providers[0].settings.a: duplicate key; first defined at line 8");
}

// --- Rules ---

TEST(BrokerConfig, RefusesNamesThatLogsCouldNotCarry) {
  const auto nameProblem = [](const std::string& name) {
    return problemsOf(fileWith("- {name: " + name + ", module: m, matchImages: [b.example.com], identity: none}\n"));
  };
  EXPECT_THAT(nameProblem("a"), IsEmpty());
  EXPECT_THAT(nameProblem("0-"), IsEmpty());
  EXPECT_THAT(nameProblem(std::string(63, 'a')), IsEmpty());
  for (const std::string& bad : {std::string(64, 'a'), std::string("-a"), std::string("a_b"), std::string("a.b"),
                                 std::string("A"), std::string("\xc3\xa9"), std::string("'a b'")}) {
    EXPECT_THAT(nameProblem(bad), ElementsAre(HasSubstr("8:10: providers[1].name: "))) << bad;
  }
}

TEST(BrokerConfig, RefusesTwoRulesOfOneName) {
  EXPECT_EQ(problemWith("- {name: acme, module: m, matchImages: [b.example.com], identity: none}\n"),
            "8:10: providers[1].name: duplicate rule name; first defined at line 4");
}

TEST(BrokerConfig, RefusesModulesByRelativePath) {
  for (const char* bad : {"./m.so", "m.so", "lib/m", "M", "~/m.so"}) {
    EXPECT_THAT(problemsOf(fileWith("- {name: b, module: " + std::string(bad) +
                                    ", matchImages: [b.example.com], identity: none}\n")),
                ElementsAre("8:21: providers[1].module: \"" + std::string(bad) +
                            "\" is not the name of a provider or an absolute path"));
  }
}

TEST(BrokerConfig, RefusesPatternsThatMatchNoImage) {
  const auto patternProblem = [](const std::string& pattern) {
    const auto problems =
        problemsOf(fileWith("- {name: b, module: m, identity: none, matchImages: [" + pattern + "]}\n"));
    return problems.size() == 1 ? problems.front() : testing::PrintToString(problems);
  };
  EXPECT_THAT(patternProblem("'*.example.com/acme/*'"), StartsWith("8:54: providers[1].matchImages[0]: "));
  EXPECT_THAT(patternProblem("'*.example.com/acme/*'"), HasSubstr("its path contains '*'"));
  EXPECT_THAT(patternProblem("https://example.com"),
              HasSubstr("is not a valid image pattern: it begins with a scheme"));
  EXPECT_THAT(patternProblem("'*'"), HasSubstr("does not name a registry"));
  EXPECT_THAT(patternProblem("'[::1'"), HasSubstr("is not a valid image pattern: "));
  EXPECT_THAT(patternProblem("a..b"), HasSubstr("is not a valid image pattern: "));
  EXPECT_THAT(patternProblem("''"), HasSubstr("8:54: providers[1].matchImages[0]: is empty"));
  EXPECT_THAT(patternProblem("~"), HasSubstr("has no value"));
  EXPECT_THAT(patternProblem("{a: b}"), HasSubstr("must be a string, not a map"));
}

TEST(BrokerConfig, RefusesARuleWithoutImages) {
  EXPECT_THAT(problemsOf(fileWith("- {name: b, module: m, identity: none, matchImages: []}\n")),
              ElementsAre("8:53: providers[1].matchImages: is an empty list; add at least one entry"));
  EXPECT_THAT(problemsOf(fileWith("- {name: b, module: m, identity: none, matchImages: a.example.com}\n")),
              ElementsAre("8:53: providers[1].matchImages: must be a list, not a string"));
}

TEST(BrokerConfig, RefusesRulesThatTie) {
  EXPECT_EQ(
      problemWith("- {name: b, module: m, identity: none, matchImages: [b.example.com, docker.example.com]}\n"),
      "8:69: providers[1].matchImages[1]: rule \"b\" at line 8 conflicts with rule \"acme\" at line 4: both match "
      "docker.example.com/image equally well; make one pattern more specific");
  EXPECT_EQ(problemWith("- {name: b, module: m, identity: none, matchImages: ['*.docker.example.org']}\n"
                        "- {name: c, module: m, identity: none, matchImages: ['docker.*.example.org']}\n"),
            "9:54: providers[2].matchImages[0]: rule \"c\" at line 9 conflicts with rule \"b\" at line 8: both match "
            "docker.docker.example.org/image equally well; make one pattern more specific");
}

TEST(BrokerConfig, AllowsOverlapWhereOneRuleIsMoreSpecific) {
  configOf(
      fileWith("- {name: b, module: m, identity: none, matchImages: ['*.example.com', docker.example.com/b]}\n"
               "- {name: c, module: m, identity: none, matchImages: ['d*.example.com', 'docker.example.com:5000']}\n"));
}

TEST(BrokerConfig, AllowsARuleToOverlapItself) {
  configOf(fileWith("- {name: b, module: m, identity: none, matchImages: ['*.b.com', 'a.*.com', a.b.com, a.b.com]}\n"));
}

// --- Identity ---

TEST(BrokerConfig, RequiresAnAudienceWhereATokenIsNeeded) {
  EXPECT_THAT(problemsOf(fileWith("- {name: b, module: m, matchImages: [b.example.com]}\n")),
              ElementsAre("8:3: providers[1].audience: is missing"));
  EXPECT_THAT(problemsOf(fileWith("- {name: b, module: m, matchImages: [b.example.com], identity: serviceAccount}\n")),
              ElementsAre("8:3: providers[1].audience: is missing"));
  EXPECT_THAT(problemsOf(fileWith("- {name: b, module: m, matchImages: [b.example.com], audience: ''}\n")),
              ElementsAre("8:64: providers[1].audience: is empty"));
}

TEST(BrokerConfig, RefusesIdentityKeysThatWouldHaveNoEffect) {
  EXPECT_THAT(problemsOf(fileWith("- name: b\n  module: m\n  matchImages: [b.example.com]\n  identity: none\n"
                                  "  audience: a\n  allow: [{namespace: a}]\n")),
              ElementsAre("12:3: providers[1].audience: is only valid with identity: serviceAccount",
                          "13:3: providers[1].allow: is only valid with identity: serviceAccount"));
}

TEST(BrokerConfig, IsSilentAboutTheAudienceIfTheIdentityIsInvalid) {
  EXPECT_THAT(problemsOf(fileWith("- {name: b, module: m, matchImages: [b.example.com], identity: x}\n")),
              ElementsAre("8:64: providers[1].identity: \"x\" is not a valid identity; use serviceAccount or none"));
}

TEST(BrokerConfig, RefusesNamesThatNoServiceAccountHas) {
  EXPECT_EQ(problemWith("  allow: [{namespace: Team}]\n"),
            "8:23: providers[0].allow[0].namespace: \"Team\" is not a valid namespace pattern (lowercase letters, "
            "digits, -, * and ?)");
  EXPECT_EQ(problemWith("  allow: [{namespace: 'team-[ab]'}]\n"),
            "8:23: providers[0].allow[0].namespace: \"team-[ab]\" is not a valid namespace pattern (lowercase letters, "
            "digits, -, * and ?)");
  EXPECT_EQ(problemWith("  allow: [{namespace: a, serviceAccount: 'ns/sa'}]\n"),
            "8:42: providers[0].allow[0].serviceAccount: \"ns/sa\" is not a valid service account pattern "
            "(lowercase letters, digits, -, ., * and ?)");
  EXPECT_EQ(problemWith("  allow: [{namespace: ''}]\n"), "8:23: providers[0].allow[0].namespace: is empty");
}

// A missing namespace may have been forgotten, so allowing every one must be explicit.
TEST(BrokerConfig, RequiresTheNamespaceOfEveryAllowEntry) {
  const std::string missing = "allow[0].namespace: is missing; use \"*\" to allow every namespace";
  EXPECT_EQ(problemWith("  allow: [{}]\n"), "8:11: providers[0]." + missing);
  EXPECT_EQ(problemWith("  allow: [{serviceAccount: x}]\n"), "8:11: providers[0]." + missing);
  EXPECT_EQ(problemWith("  allow: []\n"), "8:10: providers[0].allow: is an empty list; add at least one entry");
  EXPECT_EQ(problemWith("  allow:\n"), "8:9: providers[0].allow: has no value");
  EXPECT_EQ(problemWith("  allow: [{namespace: a, serviceAccount: ''}]\n"),
            "8:42: providers[0].allow[0].serviceAccount: is empty");
  EXPECT_EQ(problemWith("  allow: [{namespace: ~}]\n"), "8:23: providers[0].allow[0].namespace: has no value");
}

TEST(BrokerConfig, TakesAStarForEveryNamespace) {
  const BrokerConfig config = configOf(
      fileWith("- {name: b, module: m, matchImages: [b.example.com], audience: a, allow: [{namespace: '*'}]}\n"));
  const auto& allow = config.rules[1].identity.allow;
  ASSERT_TRUE(allow && allow->size() == 1);
  EXPECT_EQ(allow->front().namespaceName, "*");
  EXPECT_EQ(allow->front().serviceAccount, "*");
}

// --- Annotations ---

TEST(BrokerConfig, TakesEveryKeyThatAnAnnotationCanHave) {
  for (const std::string& key :
       {std::string("a"), std::string("A_b.c-9"), std::string("example.com/a"), std::string("a-b.c1/D"),
        "example.com/" + std::string(63, 'a'), std::string(253, 'a') + "/a"}) {
    EXPECT_THAT(problemsOf(fileWith("  annotations:\n    ? " + key + "\n    : {setting: a}\n")), IsEmpty()) << key;
  }
}

TEST(BrokerConfig, RefusesKeysThatNoAnnotationCanHave) {
  for (const std::string& key :
       {std::string("''"), std::string("/a"), std::string("example.com/"), std::string("a/b/c"), std::string("-a"),
        std::string("a-"), std::string("'a b'"), std::string("exa_mple.com/a"), std::string(64, 'a'),
        std::string(254, 'a') + "/a", std::string("\xc3\xa9")}) {
    EXPECT_THAT(problemsOf(fileWith("  annotations:\n    ? " + key + "\n    : {setting: a}\n")),
                ElementsAre(HasSubstr("is not a valid annotation key")))
        << key;
  }
}

TEST(BrokerConfig, RequiresTheSettingOfAnAnnotation) {
  EXPECT_EQ(problemWith("  annotations:\n    a: {oneOf: [b]}\n"),
            "9:8: providers[0].annotations.a.setting: is missing");
}

// --- TLS ---

TEST(BrokerConfig, RefusesHalfOfAClientCertificate) {
  EXPECT_EQ(problemWith("  tls: {clientCertificateFile: /a}\n"),
            "8:9: providers[0].tls.clientCertificateFile: requires clientKeyFile as well");
  EXPECT_EQ(problemWith("  tls: {clientKeyFile: /a}\n"),
            "8:9: providers[0].tls.clientKeyFile: requires clientCertificateFile as well");
}

TEST(BrokerConfig, RefusesACaModeWithoutCa) {
  EXPECT_EQ(problemWith("  tls: {caMode: replace}\n"), "8:9: providers[0].tls.caMode: requires caFile as well");
  EXPECT_EQ(problemWith("  tls: {caFile: /a, caMode: only}\n"),
            "8:29: providers[0].tls.caMode: \"only\" is not a valid caMode; use add or replace");
}

TEST(BrokerConfig, RefusesRelativePathsOfFiles) {
  EXPECT_EQ(problemWith("  tls: {caFile: ca.pem}\n"),
            "8:17: providers[0].tls.caFile: \"ca.pem\" is not an absolute path");
  EXPECT_EQ(problemWith("  tls: {caFile: ../ca.pem}\n"),
            "8:17: providers[0].tls.caFile: \"../ca.pem\" is not an absolute path");
}

}  // namespace
}  // namespace rcb
