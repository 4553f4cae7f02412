#include "core/settings/rule_settings.hpp"

#include "tests/core/settings/read_broker_file.hpp"
#include "tests/core/settings/sample_providers.hpp"
#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using test::configOf;
using test::fileWith;
using test::sampleProvider;
using test::throwsError;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

using Pairs = std::vector<std::pair<std::string, std::string>>;

// One setting of each type, and each special case.
const ProviderDescription& everyType() {
  using enum SettingType;
  static const ProviderDescription provider = {
      .name = "types",
      .settings = {
          {.name = "text", .annotatable = true},
          {.name = "slug", .annotatable = true, .pattern = "[a-z]+"},
          {.name = "count", .type = kInteger, .annotatable = true, .defaultValue = "3"},
          {.name = "flag", .type = kBoolean, .annotatable = true},
          {.name = "wait", .type = kDuration, .annotatable = true, .defaultValue = "1m30s"},
          {.name = "file", .type = kFile, .annotatable = true},
          {
              .name = "host",
              .pattern = "[a-z.]+",
          },
          {.name = "names", .annotatable = true, .list = true, .pattern = "[a-z]+"},
          {.name = "waits", .type = kDuration, .list = true},
      }};
  return provider;
}

Rule ruleWith(const std::string& more) { return configOf(fileWith(more)).rules.at(0); }

std::vector<std::string> problemsOf(const std::string& more, const ProviderDescription& provider,
                                    std::size_t index = 0) {
  std::vector<std::string> lines;
  for (const Problem& problem : checkRuleSettings(ruleWith(more), index, provider)) {
    lines.push_back(problem.line("f").substr(2));
  }
  return lines;
}

std::string problemOf(const std::string& more, const ProviderDescription& provider = everyType()) {
  const auto problems = problemsOf(more, provider);
  EXPECT_EQ(problems.size(), 1u) << testing::PrintToString(problems);
  return problems.empty() ? "" : problems.front();
}

Pairs resolve(const std::string& more, const Pairs& annotations = {},
              const ProviderDescription& provider = everyType()) {
  const Rule rule = ruleWith(more);
  EXPECT_THAT(checkRuleSettings(rule, 0, provider), IsEmpty());
  return resolveSettings(rule, provider, annotations);
}

// --- The file's values ---

TEST(RuleSettings, AcceptsValuesOfEveryType) {
  EXPECT_THAT(problemsOf("  settings: {text: no, slug: abc, count: -7, flag: true, wait: 1h, file: /a, host: a.b,\n"
                         "    names: [a, b], waits: 5s}\n",
                         everyType()),
              IsEmpty());
  EXPECT_THAT(problemsOf("  settings: {text: 123, count: \"42\", flag: 'false', names: one}\n", everyType()),
              IsEmpty());
}

TEST(RuleSettings, NamesTheNearestKnownSetting) {
  EXPECT_EQ(problemOf("  settings: {organization: a, service: b, organisation: c}\n", sampleProvider("cloudsmith")),
            "8:57: providers[0].settings.organisation: module cloudsmith has no such setting; did you mean "
            "\"organization\"?");
  EXPECT_EQ(
      problemOf("  settings: {xyzzyxyzzy: [a, b]}\n"),
      "8:27: providers[0].settings.xyzzyxyzzy: module types has no such setting; expected text, slug, count, flag, "
      "wait, file, host, names or waits");
  EXPECT_EQ(problemOf("  settings: {a: b}\n", {.name = "bare"}),
            "8:17: providers[0].settings.a: module bare has no settings");
}

TEST(RuleSettings, SendsSecretsThatAreSettingsIntoAFile) {
  const std::string hint = ": unknown setting: secrets are not read from this file; put it into a file: ";
  for (const std::string& key :
       {std::string("password"), std::string("token"), std::string("secret"), std::string("PASSWD")}) {
    EXPECT_EQ(problemOf("  settings: {" + key + ": canary}\n", sampleProvider("static-token")),
              "8:" + std::to_string(16 + key.size()) + ": providers[0].settings." + key + hint + "passwordFile");
  }
  const ProviderDescription vault = {.name = "vault",
                                     .settings = {{.name = "passwordFile", .type = SettingType::kFile},
                                                  {.name = "tokenFile", .type = SettingType::kFile}}};
  EXPECT_EQ(problemOf("  settings: {token: canary}\n", vault),
            "8:21: providers[0].settings.token" + hint + "tokenFile");
  EXPECT_EQ(problemOf("  settings: {username: x, passwordfile: /a}\n", sampleProvider("static-token")),
            "8:41: providers[0].settings.passwordfile: module static-token has no such setting; did you mean "
            "\"passwordFile\"?");
}

TEST(RuleSettings, NamesNoFileForASecretIfTheModuleReadsNone) {
  EXPECT_EQ(problemOf("  settings: {password: canary}\n"),
            "8:24: providers[0].settings.password: module types has no such setting; expected text, slug, count, flag, "
            "wait, file, host, names or waits");
}

TEST(RuleSettings, HasNoSwitchThatLeavesCertificatesUnverified) {
  EXPECT_EQ(
      problemOf("  settings: {insecure_skip_verify: true}\n", sampleProvider("static-token")),
      "8:36: providers[0].settings.insecure_skip_verify: unknown setting: verification cannot be switched off; name "
      "the authority with tls.caFile");
}

TEST(RuleSettings, SaysThatVariablesAreNotExpandedWhereOneMakesAValueInvalid) {
  EXPECT_THAT(problemsOf("  settings: {slug: '${SLUG}', count: $COUNT, file: $HOME/x, host: $(HOST)}\n", everyType()),
              testing::Each(testing::EndsWith("; variables are not expanded")));
  EXPECT_THAT(problemsOf("  settings: {slug: A1, host: A$}\n", everyType()),
              testing::Each(Not(HasSubstr("variables"))));
}

TEST(RuleSettings, FindsValidValuesThatLookLikeVariables) {
  const auto keys = [](const std::string& more) { return keysWithVariables(ruleWith(more), 0); };
  EXPECT_THAT(keys("  settings:\n    text: \"${HOST}\"\n    names: [a, $(NAME)]\n    file: /run/$USER/x\n"),
              ElementsAre("providers[0].settings.text", "providers[0].settings.names", "providers[0].settings.file"));
  EXPECT_THAT(keys("  tls: {caFile: '/etc/${CLUSTER}/ca.pem'}\n"), ElementsAre("providers[0].tls.caFile"));
  EXPECT_THAT(keys("  annotations: {a: {setting: text, oneOf: [x, '%NAME%']}}\n"),
              ElementsAre("providers[0].annotations.a.oneOf[1]"));
  EXPECT_THAT(
      keysWithVariables(
          configOf(fileWith("- {name: b, module: '/opt/${X}.so', matchImages: [b.io], audience: $AUD}\n")).rules.at(1),
          1),
      ElementsAre("providers[1].module", "providers[1].audience"));
}

TEST(RuleSettings, TakesADollarThatIsPartOfANameAsOne) {
  EXPECT_THAT(
      keysWithVariables(ruleWith("  settings: {a: robot$puller, b: robot$PULLER, c: $, d: a$1, e: $lower, f: 100%, "
                                 "g: '%2F', h: '/openid/{organization}/'}\n"),
                        0),
      IsEmpty());
}

TEST(RuleSettings, SaysWhichRuleIsMeant) {
  const auto problems = checkRuleSettings(ruleWith("  settings: {a: b}\n"), 12, everyType());
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].path, "providers[12].settings.a");
}

TEST(RuleSettings, RefusesValuesOfAnotherType) {
  EXPECT_THAT(
      problemsOf("  settings:\n    count: 010\n    flag: yes\n    wait: 10\n    file: a/b\n    slug: A1\n"
                 "    waits: [1s, x]\n    names: [a, B]\n",
                 everyType()),
      ElementsAre(
          "9:12: providers[0].settings.count: is not a valid integer; use decimal digits, such as 30",
          "10:11: providers[0].settings.flag: is not a valid boolean; use true or false",
          "11:11: providers[0].settings.wait: is not a valid duration; use a number with a unit, such as 30s or 2m",
          "12:11: providers[0].settings.file: is not an absolute path",
          "13:11: providers[0].settings.slug: is not a valid value for slug (pattern [a-z]+)",
          "14:17: providers[0].settings.waits: is not a valid duration; use a number with a unit, such as 30s or 2m",
          "15:16: providers[0].settings.names: is not a valid value for names (pattern [a-z]+)"));
}

TEST(RuleSettings, RefusesIntegersThatAreNotPlainDecimals) {
  for (const char* bad : {"1.0", "1e3", "0x1F", "+1", "1_000", "' 1'", "1:30", "9223372036854775808", "-0", "one"}) {
    EXPECT_THAT(problemOf("  settings: {count: " + std::string(bad) + "}\n"), HasSubstr("valid integer")) << bad;
  }
}

TEST(RuleSettings, RefusesBooleansOfOtherReaders) {
  for (const char* bad : {"yes", "no", "on", "off", "True", "FALSE", "1", "y"}) {
    EXPECT_THAT(problemOf("  settings: {flag: " + std::string(bad) + "}\n"), HasSubstr("not a valid boolean")) << bad;
  }
}

TEST(RuleSettings, RefusesAListWhereOneValueIsExpected) {
  EXPECT_EQ(problemOf("  settings: {text: [a]}\n"),
            "8:21: providers[0].settings.text: must be a single value, not a list");
  EXPECT_EQ(problemOf("  settings: {text: [a, b]}\n"),
            "8:21: providers[0].settings.text: must be a single value, not a list");
}

TEST(RuleSettings, StopsAfterAHundredProblems) {
  std::string more = "  settings:\n";
  for (int i = 0; i < 1000; ++i) more += "    x" + std::to_string(i) + ": y\n";
  EXPECT_EQ(checkRuleSettings(ruleWith(more), 0, everyType()).size(), ProblemList::kLimit + 1);
}

TEST(RuleSettings, NeverQuotesAValue) {
  for (const std::string& problem :
       problemsOf("  settings: {slug: canary-1, count: canary-2, password: canary-3, flag: canary-4}\n", everyType())) {
    EXPECT_THAT(problem, Not(HasSubstr("canary")));
  }
}

TEST(RuleSettings, RequiresSettingsFromTheFileOrAnAnnotation) {
  EXPECT_THAT(problemsOf("", sampleProvider("cloudsmith")),
              ElementsAre("4:3: providers[0].settings.organization: is missing: module cloudsmith requires it",
                          "4:3: providers[0].settings.service: is missing: module cloudsmith requires it"));
  EXPECT_THAT(problemsOf("  settings: {organization: acme}\n  annotations: {a: {setting: service}}\n",
                         sampleProvider("cloudsmith")),
              IsEmpty());
}

TEST(RuleSettings, RequiresATokenForModulesThatNeedOne) {
  const std::string more = "- {name: b, module: passthrough, matchImages: [b.example.com], identity: none}\n";
  const Rule rule = configOf(fileWith(more)).rules.at(1);
  const auto problems = checkRuleSettings(rule, 1, sampleProvider("passthrough"));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].line("f"),
            "f:8:21: providers[1].identity: module passthrough requires identity: serviceAccount");
  EXPECT_THAT(checkRuleSettings(rule, 1, sampleProvider("static-token")), IsEmpty());
}

TEST(RuleSettings, BlamesTheModuleForAnInvalidPattern) {
  const ProviderDescription broken = {.name = "broken", .settings = {{.name = "a", .pattern = "("}}};
  EXPECT_THAT([&] { problemsOf("  settings: {a: b}\n", broken); },
              throwsError(ErrorCode::kModuleMisbehaved, "pattern"));
}

// --- Annotations in the file ---

TEST(RuleSettings, LetsAnnotationsSetWhatTheModuleOpensToThem) {
  EXPECT_THAT(problemsOf("  annotations: {a: {setting: text}, b: {setting: slug, oneOf: [x, y]}, c: {setting: wait}}\n",
                         everyType()),
              IsEmpty());
}

TEST(RuleSettings, RequiresAListOfValuesForOtherSettings) {
  EXPECT_EQ(problemOf("  annotations: {a/b: {setting: host}}\n"),
            "8:17: providers[0].annotations[\"a/b\"].setting: annotations can set host only to the values of a oneOf; "
            "add one");
  EXPECT_THAT(problemsOf("  annotations: {a: {setting: host, oneOf: [x.y]}}\n", everyType()), IsEmpty());
}

TEST(RuleSettings, NeverLetsAnAnnotationNameAFile) {
  EXPECT_EQ(problemOf("  annotations: {a: {setting: file, oneOf: [/a]}}\n"),
            "8:17: providers[0].annotations.a.setting: annotations cannot set file: it names a file");
}

TEST(RuleSettings, NeverLetsAnAnnotationSetAList) {
  EXPECT_EQ(problemOf("  annotations: {a: {setting: names}}\n"),
            "8:17: providers[0].annotations.a.setting: annotations cannot set names: it is a list");
}

TEST(RuleSettings, RefusesAnnotationsOfUnknownSettings) {
  EXPECT_EQ(problemOf("  annotations: {a: {setting: slugs}}\n"),
            "8:17: providers[0].annotations.a.setting: module types has no such setting; did you mean \"slug\"?");
}

TEST(RuleSettings, RefusesTwoAnnotationsOfOneSetting) {
  EXPECT_EQ(problemOf("  annotations:\n    a: {setting: slug}\n    b: {setting: text}\n    c: {setting: slug}\n"),
            "11:5: providers[0].annotations.c.setting: slug is already set by the annotation a");
}

TEST(RuleSettings, ChecksTheValuesThatAnAnnotationMayHave) {
  EXPECT_EQ(problemOf("  annotations: {a: {setting: slug, oneOf: [b, C]}}\n"),
            "8:17: providers[0].annotations.a.oneOf[1]: is not a valid value for slug (pattern [a-z]+)");
  EXPECT_EQ(problemOf("  annotations: {a: {setting: count, oneOf: [x]}}\n"),
            "8:17: providers[0].annotations.a.oneOf[0]: is not a valid integer; use decimal digits, such as 30");
}

// --- Maps, choices and hosts ---

const ProviderDescription& newTypes() {
  using enum SettingType;
  static const ProviderDescription provider = {
      .name = "new",
      .settings = {
          {.name = "url", .type = kUrl, .annotatable = true},
          {.name = "hosts", .type = kHost, .list = true},
          {.name = "mode", .type = kChoice, .annotatable = true, .defaultValue = "slow", .choices = {"slow", "fast"}},
          {.name = "tags", .type = kMap, .pattern = "[a-z]+"},
          {.name = "text"},
          {.name = "names", .list = true}}};
  return provider;
}

TEST(RuleSettings, AcceptsUrlsHostsChoicesAndMaps) {
  EXPECT_THAT(problemsOf("  settings: {url: \"https://a/x\", hosts: [a, \"b:1\"], mode: fast, tags: {x: a, y: b}}\n",
                         newTypes()),
              IsEmpty());
  EXPECT_THAT(problemsOf("  settings: {hosts: a}\n", newTypes()), IsEmpty());
}

TEST(RuleSettings, RefusesUrlsHostsChoicesAndEntriesThatAreNotValid) {
  EXPECT_THAT(
      problemsOf(
          "  settings:\n    url: a\n    hosts: [a, \"https://b\", \"c:x\"]\n    mode: fats\n    tags: {x: a, y: B}\n",
          newTypes()),
      ElementsAre("9:10: providers[0].settings.url: is not a valid URL: it does not begin with https://",
                  "10:16: providers[0].settings.hosts: is not a valid host: it is a URL; use host or host:port",
                  "10:29: providers[0].settings.hosts: is not a valid host: its port is not a number from 1 to 65535; "
                  "use host or "
                  "host:port",
                  "11:11: providers[0].settings.mode: is not a valid mode; expected one of slow or fast; did you mean "
                  "\"fast\"?",
                  "12:21: providers[0].settings.tags.y: is not a valid value for tags (pattern [a-z]+)"));
}

TEST(RuleSettings, RefusesAMapWhereNoneIsExpected) {
  EXPECT_EQ(problemOf("  settings: {text: {a: b, c: d}}\n", newTypes()),
            "8:24: providers[0].settings.text: must be a single value, not a map");
  EXPECT_EQ(problemOf("  settings: {names: {a: b}}\n", newTypes()),
            "8:25: providers[0].settings.names: must be a value or a list of values, not a map");
  EXPECT_THAT(problemOf("  settings: {tag: {a: b, c: d}}\n", newTypes()), HasSubstr("did you mean \"tags\"?"));
}

TEST(RuleSettings, RefusesAnythingElseWhereAMapIsExpected) {
  EXPECT_EQ(problemOf("  settings: {tags: a}\n", newTypes()),
            "8:20: providers[0].settings.tags: must be a map of names and values, not a single value");
  EXPECT_EQ(problemOf("  settings: {tags: [a, b]}\n", newTypes()),
            "8:21: providers[0].settings.tags: must be a map of names and values, not a list");
}

TEST(RuleSettings, RefusesAMapOfMoreThanSixtyFourEntries) {
  std::string tags;
  for (int i = 0; i < 64; ++i) tags += "x" + std::to_string(i) + ": a, ";
  EXPECT_THAT(problemsOf("  settings: {tags: {" + tags + "}}\n", newTypes()), IsEmpty());
  tags += "x64: a, x65: a, x66: a";
  EXPECT_THAT(problemOf("  settings: {tags: {" + tags + "}}\n", newTypes()),
              HasSubstr(".tags: has more than 64 entries"));
}

TEST(RuleSettings, NeverLetsAnAnnotationSetAMap) {
  EXPECT_EQ(problemOf("  annotations: {a: {setting: tags, oneOf: [x]}}\n", newTypes()),
            "8:17: providers[0].annotations.a.setting: annotations cannot set tags: it is a map");
}

TEST(RuleSettings, FindsVariablesInTheEntriesOfMaps) {
  EXPECT_THAT(keysWithVariables(ruleWith("  settings: {tags: {zone: '${ZONE}', b: c}}\n"), 0),
              ElementsAre("providers[0].settings.tags.zone"));
}

TEST(RuleSettings, GivesTheEntriesOfAMapInTheFilesOrder) {
  EXPECT_THAT(resolve("  settings: {tags: {zone: z, env.name: a, b: b}, url: \"https://a\"}\n", {}, newTypes()),
              ElementsAre(Pair("url", "https://a"), Pair("mode", "slow"), Pair("tags.zone", "z"),
                          Pair("tags.env.name", "a"), Pair("tags.b", "b")));
}

TEST(RuleSettings, HoldsAnnotationsToTheNewTypesToo) {
  const std::string more = "  annotations: {u: {setting: url}, m: {setting: mode}}\n";
  EXPECT_THAT(resolve(more, {{"u", "https://a/"}, {"m", "fast"}}, newTypes()),
              ElementsAre(Pair("url", "https://a/"), Pair("mode", "fast")));
  for (const char* bad : {"http://a/", "https://a@b/", "a", "https://a/ "}) {
    EXPECT_THAT(
        [&] {
          resolve(more, {{"u", bad}}, newTypes());
        },
        throwsError(ErrorCode::kAnnotationRefused, "the service account's annotation u is not a valid URL"));
  }
  EXPECT_THAT(
      [&] {
        resolve(more, {{"m", "quick"}}, newTypes());
      },
      throwsError(ErrorCode::kAnnotationRefused, "annotation m is not a valid mode; expected one of slow or fast"));
}

// --- Relations ---

ProviderDescription related(std::vector<SettingRelation> relations) {
  return {.name = "rel",
          .settings = {{.name = "a", .annotatable = true},
                       {.name = "b", .annotatable = true},
                       {.name = "c", .defaultValue = "x"}},
          .relations = std::move(relations)};
}

TEST(RuleSettings, RefusesARuleThatBreaksARelation) {
  const ProviderDescription needs = related({{RelationKind::kNeeds, {"a", "b"}}});
  EXPECT_EQ(problemOf("  settings: {a: x}\n", needs), "8:17: providers[0].settings.a: requires b as well");
  EXPECT_THAT(problemsOf("  settings: {b: x}\n", needs), IsEmpty());
  const ProviderDescription excludes = related({{RelationKind::kExcludes, {"a", "b"}}});
  EXPECT_EQ(problemOf("  settings: {a: x, b: y}\n", excludes),
            "8:23: providers[0].settings.b: cannot be combined with a");
  EXPECT_THAT(problemsOf("", excludes), IsEmpty());
  const ProviderDescription oneOf = related({{RelationKind::kOneOf, {"a", "b"}}});
  EXPECT_EQ(problemOf("", oneOf), "4:3: providers[0].settings: module rel requires exactly one of a and b");
  EXPECT_EQ(problemOf("  settings: {a: x, b: y}\n", oneOf), "8:23: providers[0].settings.b: cannot be combined with a");
}

TEST(RuleSettings, DoesNotCountADefaultAsAValue) {
  EXPECT_EQ(problemOf("  settings: {a: x}\n", related({{RelationKind::kNeeds, {"a", "c"}}})),
            "8:17: providers[0].settings.a: requires c as well");
  EXPECT_THAT(problemsOf("  settings: {a: x}\n", related({{RelationKind::kExcludes, {"a", "c"}}})), IsEmpty());
}

TEST(RuleSettings, RefusesARequestWhoseAnnotationsBreakARelation) {
  const ProviderDescription needs = related({{RelationKind::kNeeds, {"a", "b"}}});
  const std::string both = "  annotations: {x.io/a: {setting: a}, x.io/b: {setting: b}}\n";
  EXPECT_THAT(
      [&] {
        resolve(both, {{"x.io/a", "1"}}, needs);
      },
      throwsError(ErrorCode::kAnnotationRefused,
                  "the service account's annotation x.io/a sets a, which requires b as well (code=annotation-refused, "
                  "setting=a); "
                  "set the annotation x.io/b on the service account, or the setting in the rule"));
  EXPECT_THAT(resolve(both, {{"x.io/a", "1"}, {"x.io/b", "2"}}, needs), testing::SizeIs(3));
  EXPECT_THAT([&] { resolve("  settings: {a: 1}\n" + both, {}, needs); },
              throwsError(ErrorCode::kSettingsInvalid,
                          "the setting a requires b as well (code=settings-invalid); set the annotation x.io/b"));

  const ProviderDescription excludes = related({{RelationKind::kExcludes, {"a", "b"}}});
  EXPECT_THAT(
      [&] {
        resolve(both, {{"x.io/a", "1"}, {"x.io/b", "2"}}, excludes);
      },
      throwsError(ErrorCode::kAnnotationRefused, "annotation x.io/b sets b, which cannot be combined with a"));
  EXPECT_THAT(
      [&] {
        resolve("  settings: {b: 1}\n  annotations: {x.io/a: {setting: a}}\n", {{"x.io/a", "1"}}, excludes);
      },
      throwsError(ErrorCode::kAnnotationRefused, "annotation x.io/a sets a, which cannot be combined with b"));

  const ProviderDescription oneOf = related({{RelationKind::kOneOf, {"a", "b"}}});
  EXPECT_THAT([&] { resolve(both, {}, oneOf); },
              throwsError(ErrorCode::kSettingsInvalid,
                          "module rel requires exactly one of a and b, and none has a value (code=settings-invalid); "
                          "set the annotation "
                          "x.io/a on the service account, or the setting in the rule"));
  EXPECT_THAT(
      [&] {
        resolve(both, {{"x.io/a", ""}}, oneOf);
      },
      throwsError(ErrorCode::kSettingsInvalid, "none has a value"));
  EXPECT_THAT(resolve(both, {{"x.io/b", "1"}}, oneOf), ElementsAre(Pair("b", "1"), Pair("c", "x")));
}

TEST(RuleSettings, DoesNotRequireOfTheFileWhatAnAnnotationCanSet) {
  const std::string bound = "  annotations: {x.io/b: {setting: b}}\n";
  EXPECT_THAT(problemsOf("  settings: {a: x}\n" + bound, related({{RelationKind::kNeeds, {"a", "b"}}})), IsEmpty());
  EXPECT_THAT(problemsOf(bound, related({{RelationKind::kOneOf, {"a", "b"}}})), IsEmpty());
}

// --- What the module gets ---

TEST(RuleSettings, GivesValuesThenDefaultsInTheOrderOfTheTable) {
  EXPECT_THAT(resolve("  settings: {waits: [2s, 500ms], names: [b, a], text: x, flag: true}\n"),
              ElementsAre(Pair("text", "x"), Pair("count", "3"), Pair("flag", "true"), Pair("wait", "90000"),
                          Pair("names", "b"), Pair("names", "a"), Pair("waits", "2000"), Pair("waits", "500")));
}

TEST(RuleSettings, PrefersTheAnnotationToTheFileToTheDefault) {
  const std::string more = "  settings: {count: 5}\n  annotations: {a/count: {setting: count}}\n";
  EXPECT_THAT(resolve(more, {{"a/count", "7"}}), testing::Contains(Pair("count", "7")));
  EXPECT_THAT(resolve(more, {{"a/count", "7"}}), Not(testing::Contains(Pair("count", "5"))));
  EXPECT_THAT(resolve(more, {{"a/other", "7"}}), testing::Contains(Pair("count", "5")));
  EXPECT_THAT(resolve("", {{"a/count", "7"}}), testing::Contains(Pair("count", "3")));
}

TEST(RuleSettings, TakesAnEmptyAnnotationAsAbsent) {
  EXPECT_THAT(resolve("  annotations: {a: {setting: slug, oneOf: [x]}}\n", {{"a", ""}}),
              Not(testing::Contains(Pair("slug", testing::_))));
}

TEST(RuleSettings, ConvertsDurationsOfAnnotationsToo) {
  EXPECT_THAT(resolve("  annotations: {a: {setting: wait}}\n", {{"a", "2s"}}), testing::Contains(Pair("wait", "2000")));
}

TEST(RuleSettings, IgnoresAnnotationsThatNoRuleBinds) {
  EXPECT_EQ(resolve("", {{"slug", "x"}, {"file", "/etc/shadow"}, {"cloudsmith.io/api-host", "evil.example"}}),
            resolve(""));
}

TEST(RuleSettings, RefusesAnAnnotationThatIsNotOneOfThoseListed) {
  const std::string more = "  annotations: {x.io/org: {setting: slug, oneOf: [acme, globex]}}\n";
  EXPECT_THAT(resolve(more, {{"x.io/org", "globex"}}), testing::Contains(Pair("slug", "globex")));
  for (const char* bad : {"evil", "acm", "acmeglobex", "ACME", " acme", "acme "}) {
    EXPECT_THAT(
        [&] {
          resolve(more, {{"x.io/org", bad}});
        },
        throwsError(ErrorCode::kAnnotationRefused,
                    "the service account's annotation x.io/org has a value that the rule's oneOf does not list"))
        << bad;
  }
}

TEST(RuleSettings, RefusesAnAnnotationThatDoesNotFitTheSetting) {
  const std::string more =
      "  annotations: {slug: {setting: slug}, count: {setting: count}, flag: {setting: flag}, wait: {setting: wait}}\n";
  const Pairs bad = {{"slug", "a/b"}, {"slug", "a?b"}, {"slug", "a#b"},      {"slug", "a%2e"}, {"slug", ".."},
                     {"slug", "a@b"}, {"slug", "A"},   {"count", "x"},       {"count", "01"},  {"flag", "yes"},
                     {"wait", "10"},  {"slug", "a b"}, {"slug", "\xc3\xa9"}, {"slug", "\xff"}};
  for (const auto& annotation : bad) {
    EXPECT_THAT([&] { resolve(more, {annotation}); },
                throwsError(ErrorCode::kAnnotationRefused, "annotation " + annotation.first))
        << annotation.first << "=" << annotation.second;
  }
}

TEST(RuleSettings, RefusesControlCharactersInAnyAnnotation) {
  const std::string more = "  annotations: {a: {setting: text}}\n";
  for (const std::string& bad :
       {std::string("x\ny"), std::string("x\r"), std::string("x\0y", 3), std::string("\t"), std::string("\x7f")}) {
    EXPECT_THAT(
        [&] {
          resolve(more, {{"a", bad}});
        },
        throwsError(ErrorCode::kAnnotationRefused, "contains a control character"));
  }
}

TEST(RuleSettings, RefusesLongAnnotations) {
  const std::string more = "  annotations: {a: {setting: text}}\n";
  EXPECT_THAT(resolve(more, {{"a", std::string(1024, 'x')}}), testing::Contains(Pair("text", std::string(1024, 'x'))));
  EXPECT_THAT(
      [&] {
        resolve(more, {{"a", std::string(1025, 'x')}});
      },
      throwsError(ErrorCode::kAnnotationRefused, "is longer than 1024 bytes"));
}

TEST(RuleSettings, NeverQuotesARefusedAnnotation) {
  try {
    resolve("  annotations: {a: {setting: slug}}\n", {{"a", "CANARY"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.line(), Not(HasSubstr("CANARY")));
    EXPECT_THAT(error.line(), HasSubstr("setting=slug"));
  }
}

TEST(RuleSettings, SaysWhichAnnotationIsMissed) {
  EXPECT_THAT(
      [] {
        resolve("  settings: {organization: acme}\n  annotations: {c.io/service: {setting: service}}\n", {},
                sampleProvider("cloudsmith"));
      },
      throwsError(ErrorCode::kSettingsInvalid,
                  "the setting service has no value (code=settings-invalid); set the annotation c.io/service on "
                  "the service account, or the setting in the rule"));
}

TEST(RuleSettings, RefusesToGoOnWithoutARequiredSetting) {
  EXPECT_THAT([] { resolveSettings(Rule{}, sampleProvider("cloudsmith"), {}); },
              throwsError(ErrorCode::kSettingsInvalid, "the setting organization has no value"));
}

}  // namespace
}  // namespace rcb
