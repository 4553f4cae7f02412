#include "core/app/validate.hpp"

#include "core/support/json.hpp"
#include "tests/core/app/program_run.hpp"

#include <gmock/gmock.h>

namespace rcb::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Validate : public testing::Test {
 protected:
  ProgramResult validate(const std::string& rules, std::vector<std::string> more = {}) {
    config_ = folder_.write(
        "config.yaml", "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders:\n" + rules);
    std::vector<std::string> arguments = {"validate", "--config", config_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runProgramWith(arguments);
  }

  TempFolder folder_;
  std::string config_;
};

constexpr const char* kGoodRule =
    "- name: cloudsmith\n  module: cloudsmith\n  matchImages: [docker.cloudsmith.io]\n  audience: cloudsmith\n"
    "  settings: {organization: acme, service: puller}\n";

TEST_F(Validate, AcceptsAFileThatIsRight) {
  const ProgramResult result = validate(kGoodRule);
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_EQ(result.output, config_ + ": valid, 1 rule\n");
}

TEST_F(Validate, ShowsEveryProblemInOneRunWithItsPlace) {
  const ProgramResult result = validate(
      "- name: a\n  module: cloudsmth\n  matchImages: [\"a.test\"]\n  audience: x\n"
      "- name: b\n  module: cloudsmith\n  matchImages: [\"b.test/*\"]\n  audience: x\n  settings: {organization: "
      "\"A/B\", sevice: y}\n"
      "- name: c\n  module: passthrough\n  matchImages: [\"a.test\"]\n  identity: none\n");
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("providers[0].module: "), HasSubstr("cloudsmith"),
                    HasSubstr("providers[1].matchImages[0]: "), HasSubstr("providers[1].settings.organization: "),
                    HasSubstr("providers[1].settings.sevice: "), HasSubstr("providers[2]"), HasSubstr("problems\n")));
  EXPECT_LT(result.output.find("providers[0]"), result.output.find("providers[1]"));
}

TEST_F(Validate, ChecksTheFilesThatARuleNames) {
  folder_.write("open", "secret", 0666);
  const ProgramResult result = validate(
      "- name: m\n  module: static-token\n  matchImages: [\"m.test\"]\n  identity: none\n  tls: {caFile: "
      "/does/not/exist}\n"
      "  settings: {username: pull, passwordFile: " +
      folder_.path() + "/open}\n");
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("providers[0].settings.passwordFile: "), HasSubstr("other users can write to it"),
                    HasSubstr("providers[0].tls.caFile: "), HasSubstr("2 problems")));
}

TEST_F(Validate, SaysThatPassthroughNeedsCacheTypeToken) {
  const ProgramResult result =
      validate("- name: zot\n  module: passthrough\n  matchImages: [\"zot.test\"]\n  audience: zot\n");
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("note: rule zot"), HasSubstr("`cacheType: Token`")));
}

TEST_F(Validate, RefusesAModuleThatIsNotThere) {
  const ProgramResult result =
      validate("- name: m\n  module: /does/not/exist.so\n  matchImages: [\"m.test\"]\n  identity: none\n");
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.output, HasSubstr("providers[0].module: "));
}

TEST_F(Validate, WritesJson) {
  const ProgramResult good = validate(kGoodRule, {"--output", "json"});
  const auto parsed = parseJson(good.output);
  EXPECT_TRUE(*std::get<Json>(parsed).find("valid")->boolean());
  const ProgramResult bad = validate("- name: a\n", {"--output", "json"});
  const auto problems = parseJson(bad.output);
  EXPECT_FALSE(*std::get<Json>(problems).find("valid")->boolean());
  EXPECT_GE(std::get<Json>(problems).find("problems")->array()->size(), 2u);
  EXPECT_EQ(bad.status, 78);
}

TEST_F(Validate, FailsWithoutAFile) {
  const ProgramResult result = runProgramWith({"validate", "--config", folder_.path() + "/none"});
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.errors, HasSubstr("No such file"));
}

TEST(ValidateDropIn, ChecksThePluginsVariables) {
  const ProgramResult result = runProgramWith({"validate"}, {},
                                              {{"CLOUDSMITH_ORG_SLUG", "acme/../x"},
                                               {"CLOUDSMITH_SERVICE_SLUG", "puller"},
                                               {"CLOUDSMITH_INSECURE_SKIP_VERIFY", "true"}});
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.output, AllOf(HasSubstr("insecure_skip_verify: certificate verification cannot be switched off"),
                                   HasSubstr("organization")));
}

}  // namespace
}  // namespace rcb::test
