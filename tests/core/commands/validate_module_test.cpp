// What `validate` finds by running a module: settings that its check() refuses, and relations that only annotations can satisfy.
#include "core/commands/validate.hpp"
#include "tests/core/modules/stub_module.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>

#include <string>
#include <string_view>

namespace rcb::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ValidateModule : public testing::Test {
 protected:
  // Of a file with one rule for the module, with further keys.
  Validation validate(const std::string& keys, bool openFiles = true, const std::string& module = "stub") {
    file_ =
        folder_.write("broker.yaml", "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\n" + top_ +
                                         "providers:\n"
                                         "- {name: r, module: " +
                                         module + ", matchImages: [a.test], audience: x, " + keys + "}\n");
    const BuiltinProvider builtins[] = {module_.builtin()};
    ProviderSet providers(builtins, {folder_.path() + "/modules"});
    return validateBroker({.source = {.configFile = file_, .environment = environment_, .dropIns = {}},
                           .openFiles = openFiles,
                           .confinement = confinement_,
                           .now = UnixTime(std::chrono::seconds(1'800'000'000))},
                          providers);
  }

  Environment environment_;
  TempFolder folder_;
  std::string file_;
  StubModule module_;
  std::string top_;  // further keys of the file
  Confinement confinement_;
};

std::string_view valueOf(const rcb_request& request, std::string_view name) {
  for (std::size_t i = 0; i < request.setting_count; ++i) {
    if (view(request.settings[i].name) == name) return view(request.settings[i].value);
  }
  return {};
}

TEST_F(ValidateModule, TriesARuleWithTheAnnotationsThatItBinds) {
  rcb_setting account = settingNamed("account");
  account.flags = RCB_SETTING_ANNOTATION;
  module_.settings = {account};
  module_.check = [](const rcb_host& host, const rcb_request& request) -> rcb_status {
    if (!valueOf(request, "account").empty()) return RCB_OK;
    host.fail(host.context, text("account has no value"), text(""));
    return RCB_BAD_SETTINGS;
  };
  EXPECT_TRUE(validate("annotations: {example.com/account: {setting: account}}").valid);
  EXPECT_TRUE(validate("annotations: {example.com/account: {setting: account, oneOf: [a]}}").valid);
  EXPECT_THAT(validate("identity: serviceAccount").report, HasSubstr("account has no value"));
}

TEST_F(ValidateModule, ShowsWhatTheCheckRefuses) {
  module_.settings = {settingNamed("from"), settingNamed("to")};
  module_.check = [](const rcb_host& host, const rcb_request& request) -> rcb_status {
    if (valueOf(request, "from") < valueOf(request, "to")) return RCB_OK;
    host.fail(host.context, text("from is not before to"), text("swap them"));
    return RCB_BAD_SETTINGS;
  };
  EXPECT_TRUE(validate("settings: {from: a, to: b}").valid);
  const Validation refused = validate("settings: {from: b, to: a}");
  EXPECT_FALSE(refused.valid);
  EXPECT_THAT(refused.report, AllOf(HasSubstr("providers[0].settings.from: from is not before to; swap them"),
                                    HasSubstr(": 1 problem\n")));
}

TEST_F(ValidateModule, ReportsAnUnknownNameWhereItIs) {
  const std::string reason =
      "broker.yaml:4:21: providers[0].module: there is no provider \"stab\": did you mean stub?; use a name";
  const Validation refused = validate("settings: {}", true, "stab");
  EXPECT_FALSE(refused.valid);
  EXPECT_THAT(refused.report, HasSubstr(reason));
}

TEST_F(ValidateModule, SuggestsTheNearestBuiltInWhereTheModuleMayBeOnTheNode) {
  const Validation unchecked = validate("settings: {}", false, "stab");
  EXPECT_TRUE(unchecked.valid);
  EXPECT_THAT(unchecked.report,
              AllOf(HasSubstr("providers[0].module: there is no built-in provider \"stab\"; write stub"),
                    HasSubstr("not checked: providers[0].module: stab\n")));
  EXPECT_THAT(validate("settings: {}", false, "artifactory").report, Not(HasSubstr("warning")));
}

TEST_F(ValidateModule, WarnsOfAFileThatARuleDoesNotUse) {
  const std::string file = folder_.write("modules/stub.so", "");
  const Validation valid = validate("settings: {}");
  EXPECT_TRUE(valid.valid);
  EXPECT_THAT(valid.report, HasSubstr("providers[0].module: " + file +
                                      " is not used: the built-in provider has the same name; remove"));
}

TEST_F(ValidateModule, ShowsWhyAnInstalledModuleIsRefused) {
  const std::string file = folder_.write("modules/quay.so", "");
  EXPECT_THAT(validate("settings: {}", true, "quay").report,
              HasSubstr("providers[0].module: the provider module " + file + " is refused: it is empty"));
}

TEST_F(ValidateModule, ShowsWhatTheCheckRefusesInAMap) {
  module_.settings = {settingNamed("tags")};
  module_.settings[0].type = RCB_SETTING_MAP;
  module_.check = [](const rcb_host& host, const rcb_request& request) -> rcb_status {
    if (valueOf(request, "tags.zone") != "z") return RCB_OK;
    host.fail(host.context, text("the zone is reserved"), {});
    return RCB_BAD_SETTINGS;
  };
  EXPECT_TRUE(validate("settings: {tags: {zone: a, env: z}}").valid);
  EXPECT_THAT(validate("settings: {tags: {env: a, zone: z}}").report,
              HasSubstr("providers[0].settings.tags.zone: the zone is reserved"));
}

TEST_F(ValidateModule, ShowsABreachOfTheCheck) {
  module_.check = module_.behaviour;
  const Validation refused = validate("settings: {}");
  EXPECT_FALSE(refused.valid);
  EXPECT_THAT(refused.report, HasSubstr("called emit() in check(), where it is not available"));
}

TEST_F(ValidateModule, DoesNotBlameTheRuleIfTheCheckNeedsAFileThatIsNotHere) {
  module_.settings = {settingNamed("file")};
  module_.settings[0].type = RCB_SETTING_FILE;
  module_.settings[0].flags = RCB_SETTING_REQUIRED;
  module_.check = [](const rcb_host& host, const rcb_request& request) {
    rcb_text content{};
    return host.read_file(host.context, request.settings[0].value, &content);
  };
  const std::string rule = "settings: {file: /does/not/exist}";
  EXPECT_TRUE(validate(rule, false).valid);
  EXPECT_THAT(validate(rule).report, HasSubstr("providers[0].settings.file: "));
}

TEST_F(ValidateModule, MakesUpTheAnnotationsThatRelationsRequire) {
  const rcb_text pair[] = {text("user"), text("account")};
  const rcb_text needs[] = {text("account"), text("zone")};
  module_.settings = {settingNamed("user"), settingNamed("account"), settingNamed("zone")};
  for (rcb_setting& setting : module_.settings) setting.flags = RCB_SETTING_ANNOTATION;
  module_.relations = {{sizeof(rcb_relation), RCB_RELATION_ONE_OF, pair, 2},
                       {sizeof(rcb_relation), RCB_RELATION_NEEDS, needs, 2}};
  EXPECT_TRUE(validate("annotations: {u: {setting: user}}").valid);
  EXPECT_TRUE(validate("annotations: {a: {setting: account}, z: {setting: zone}}").valid);
  EXPECT_TRUE(validate("settings: {account: x}, annotations: {z: {setting: zone}}").valid);
  EXPECT_TRUE(validate("annotations: {u: {setting: user, oneOf: [a, b]}, a: {setting: account, oneOf: [c]}, "
                       "z: {setting: zone}}")
                  .valid);
  EXPECT_THAT(validate("annotations: {z: {setting: zone}}").report,
              HasSubstr("providers[0].settings: module stub requires exactly one of user and account"));
}

TEST_F(ValidateModule, ShowsAnAnnotationThatARelationAlwaysRefuses) {
  const rcb_text pair[] = {text("user"), text("account")};
  module_.settings = {settingNamed("user"), settingNamed("account")};
  module_.relations = {{sizeof(rcb_relation), RCB_RELATION_EXCLUDES, pair, 2}};
  EXPECT_THAT(
      validate("settings: {user: x}, annotations: {a.io/a: {setting: account, oneOf: [y]}}").report,
      AllOf(HasSubstr(
                ".oneOf[0]: the service account's annotation a.io/a sets account, which cannot be combined with user"),
            Not(HasSubstr("settings.user:"))));
}

TEST_F(ValidateModule, SaysWhichPartsOfTheConfinementAreMissingHere) {
  confinement_.files = false;
  const Validation validation = validate("identity: serviceAccount");
  EXPECT_TRUE(validation.valid);
  EXPECT_THAT(validation.report, HasSubstr("note: a run here is confined in part only: files are not confined"));
}

TEST_F(ValidateModule, RefusesAFileThatRequiresMoreThanThisMachineHas) {
  top_ = "confinement: required\n";
  EXPECT_TRUE(validate("identity: serviceAccount").valid);
  confinement_.calls = false;
  const Validation validation = validate("identity: serviceAccount");
  EXPECT_FALSE(validation.valid);
  EXPECT_THAT(validation.report, HasSubstr(":3:14: confinement: is required, but here system calls are not confined"));
  // Not where the file will be used.
  EXPECT_TRUE(validate("identity: serviceAccount", false).valid);
}

}  // namespace
}  // namespace rcb::test
