#include "core/settings/reference_tables.hpp"

#include "core/settings/broker_keys.hpp"
#include "tests/core/settings/sample_providers.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ReferenceTables, HaveARowForEveryKey) {
  const std::string tables = referenceTables({});
  for (const ObjectSpec* object : {&kBrokerObject, &kRuleObject, &kAllowObject, &kBindingObject, &kTlsObject}) {
    EXPECT_THAT(tables, HasSubstr("### " + std::string(object->title) + "\n"));
    for (const KeySpec& key : object->keys) {
      EXPECT_THAT(tables, HasSubstr("\n| `" + std::string(key.name) + "` | "));
      EXPECT_THAT(tables, HasSubstr(" | " + std::string(key.summary)));
    }
  }
}

TEST(ReferenceTables, SayTypeDefaultAndConditionsOfAKey) {
  const std::string tables = referenceTables({});
  EXPECT_THAT(tables, HasSubstr("| `deadline` | duration, `1s` to `50s` | `10s` | The time limit of a run"));
  EXPECT_THAT(tables, HasSubstr("| `logLevel` | `debug`, `info`, `warn` or `error` | `warn` | "));
  EXPECT_THAT(
      tables,
      HasSubstr(
          "| `audience` | string | required | The audience that the token must be issued for: the kubelet entry's "
          "`serviceAccountTokenAudience`. Only with `identity: serviceAccount`. |\n"));
  EXPECT_THAT(tables, HasSubstr("Requires `clientKeyFile`. |\n"));
}

TEST(ReferenceTables, HaveARowForEverySettingOfEveryModule) {
  const std::string tables = referenceTables(test::sampleProviders());
  for (const ProviderDescription& provider : test::sampleProviders()) {
    EXPECT_THAT(tables, HasSubstr("### Module `" + provider.name + "`\n\n" + provider.summary));
    for (const SettingSpec& setting : provider.settings) {
      EXPECT_THAT(tables, HasSubstr("\n| `" + setting.name + "` | "));
    }
  }
}

TEST(ReferenceTables, SayTypeDefaultAndAnnotationsOfASetting) {
  const std::string tables = referenceTables(test::sampleProviders());
  EXPECT_THAT(
      tables,
      HasSubstr("| `organization` | string, `[a-z0-9][a-z0-9_-]*` | required | yes | The organization's slug. |\n"));
  EXPECT_THAT(tables,
              HasSubstr("| `apiHost` | string | `api.cloudsmith.io` | with `oneOf` | The exchange's host. |\n"));
  EXPECT_THAT(tables, HasSubstr("| `passwordFile` | file |  | no | A file with the password. |\n"));
  EXPECT_THAT(tables,
              HasSubstr("| `headers` | string, or a list of them, `[A-Za-z0-9-]+: .+` |  | no | Further headers. |\n"));
}

TEST(ReferenceTables, SayChoicesMapsAndRelations) {
  const ProviderDescription module = {
      .name = "m",
      .summary = "Does.",
      .settings = {{.name = "mode", .type = SettingType::kChoice, .choices = {"slow", "fast"}, .summary = "How."},
                   {.name = "tags", .type = SettingType::kMap, .summary = "Tags."},
                   {.name = "hosts", .type = SettingType::kHost, .list = true, .summary = "Where."}},
      .relations = {{RelationKind::kNeeds, {"mode", "tags"}}, {RelationKind::kExcludes, {"tags", "hosts"}}}};
  const std::string tables = referenceTables({&module, 1});
  EXPECT_THAT(tables, HasSubstr("| `mode` | `slow` or `fast` |  | with `oneOf` | How. |\n"));
  EXPECT_THAT(tables, HasSubstr("| `tags` | map of strings |  | no | Tags. |\n"));
  EXPECT_THAT(tables, HasSubstr("| `hosts` | host, or a list of them |  | no | Where. |\n"));
  EXPECT_TRUE(tables.ends_with(" |\n\n`mode` requires `tags`.\nAt most one of `tags` and `hosts` can be set.\n"));
}

TEST(ReferenceTables, EscapeWhatWouldEndACell) {
  EXPECT_THAT(referenceTables(test::sampleProviders()), HasSubstr("| string, `dockerconfigjson\\|json` |"));
}

TEST(ReferenceTables, SayThatAModuleHasNoSettings) {
  const ProviderDescription bare = {.name = "bare", .summary = "Does nothing.", .needsToken = true};
  const std::string tables = referenceTables({&bare, 1});
  EXPECT_THAT(
      tables,
      HasSubstr("### Module `bare`\n\nDoes nothing. Requires `identity: serviceAccount`. It has no settings.\n"));
  EXPECT_THAT(tables, Not(HasSubstr("| setting |")));
}

TEST(ReferenceTables, EndWithOneLineEnd) {
  EXPECT_TRUE(referenceTables({}).ends_with(" |\n"));
  EXPECT_TRUE(referenceTables(test::sampleProviders()).ends_with(" |\n"));
}

}  // namespace
}  // namespace rcb
