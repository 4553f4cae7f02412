#include "core/commands/validate.hpp"

#include "core/support/json.hpp"
#include "tests/core/app/program_run.hpp"
#include "tests/support/pki.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace rcb::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Validate : public testing::Test {
 protected:
  static std::string fileWith(const std::string& rules) {
    return "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders:\n" + rules;
  }
  ProgramResult validate(const std::string& rules, std::vector<std::string> more = {}) {
    config_ = folder_.write("config.yaml", fileWith(rules));
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

TEST_F(Validate, AcceptsEverySampleAwayFromItsNode) {
  for (const auto& entry : std::filesystem::directory_iterator(RCB_SOURCE_DIR "/config/samples")) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("broker") || name == "broker.schema.json") continue;
    const ProgramResult result = runProgramWith({"validate", "--skip-files", "--config", entry.path()});
    EXPECT_EQ(result.status, 0) << result.output;
  }
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

TEST_F(Validate, SaysEachProblemOnceAndWhatToTry) {
  folder_.write("two-lines", "one\ntwo\n", 0600);
  const ProgramResult result = validate(
      "- name: m\n  module: static-token\n  matchImages: [\"a.test\", \"b.test\", \"*.c.test\"]\n  identity: none\n"
      "  settings: {usernameFile: " +
      folder_.path() + "/two-lines, passwordFile: " + folder_.path() + "/two-lines}\n");
  EXPECT_EQ(result.status, 78);
  EXPECT_EQ(result.output, config_ + ":8:28: providers[0].settings.usernameFile: the user name in the file " +
                               folder_.path() + "/two-lines has more than one line; write the user name alone\n" +
                               config_ + ": 1 problem\n");
}

TEST_F(Validate, NamesTheImageIfOnlySomeOfARuleFail) {
  folder_.write("config.json", R"({"auths":{"a.test":{"username":"pull","password":"hunter2-hunter2"}}})", 0600);
  const std::string settings = "  identity: none\n  settings: {credentialFile: " + folder_.path() + "/config.json}\n";
  const ProgramResult one =
      validate("- name: m\n  module: static-token\n  matchImages: [\"a.test\", \"b.test\"]\n" + settings);
  EXPECT_EQ(one.status, 78);
  EXPECT_THAT(one.output, AllOf(HasSubstr("(image=b.test/image)"), HasSubstr("1 problem")));
  // Of many registries some may be in the file.
  const ProgramResult many = validate("- name: m\n  module: static-token\n  matchImages: [\"*.test\"]\n" + settings);
  EXPECT_EQ(many.status, 0);
  EXPECT_THAT(many.output, AllOf(HasSubstr("warning: "), HasSubstr("providers[0].matchImages: ")));
}

TEST_F(Validate, TriesEveryValueThatAnAnnotationMayChoose) {
  const ProgramResult result = validate(
      "- name: c\n  module: cloudsmith\n  matchImages: [\"c.test\"]\n  audience: a\n  settings: {service: s}\n"
      "  annotations:\n    org: {setting: organization}\n    path: {setting: path, oneOf: [/a/, /a/../]}\n");
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.output, HasSubstr(":11:40: providers[0].annotations.path.oneOf[1]: the URL is refused"));
}

TEST_F(Validate, FindsDamageThatNoConnectionMayMeet) {
  TempFolder authority;
  const Pki pki(authority.path());
  std::ostringstream text;
  text << std::ifstream(pki.rootFile()).rdbuf();
  std::string damaged = text.str();
  // Within the key, behind the subject.
  const std::size_t middle = damaged.find("-----END") / 2 + 60;
  damaged.replace(middle, 8, "AAAAAAAA");
  folder_.write("ca.pem", text.str() + damaged);
  const ProgramResult result = validate(std::string(kGoodRule) + "  tls: {caFile: " + folder_.path() + "/ca.pem}\n");
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("providers[0].tls.caFile: "), HasSubstr("a damaged certificate, number 2")));
}

TEST_F(Validate, WarnsOfSecretsThatEveryUserCanRead) {
  const std::string rule =
      "- name: m\n  module: static-token\n  matchImages: [\"m.test\"]\n  audience: a\n  settings: {username: pull, "
      "passwordFile: " +
      folder_.path() + "/password}\n";
  folder_.write("password", "hunter2-hunter2\n", 0644);
  const ProgramResult open = validate(rule);
  EXPECT_EQ(open.status, 0);
  EXPECT_THAT(open.output,
              AllOf(HasSubstr("warning: " + config_ + ":8:44: providers[0].settings.passwordFile: every user"),
                    HasSubstr("(mode 0644); set its mode to 0600\n"), HasSubstr(": valid, 1 rule, 1 warning\n")));
  for (const mode_t mode : {0600u, 0400u, 0640u}) {
    ::chmod((folder_.path() + "/password").c_str(), mode);
    EXPECT_EQ(validate(rule).output, config_ + ": valid, 1 rule\n");
  }
}

TEST_F(Validate, WarnsAndIsStillValid) {
  const ProgramResult result =
      validate("- name: m\n  module: passthrough\n  matchImages: [\"m.test/team\"]\n  audience: a\n");
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("warning: " + config_ + ":6:17: providers[0].matchImages[0]: it also answers"),
                    HasSubstr("; end the path in '/'")));
}

TEST_F(Validate, ReadsTheFileFromStdin) {
  const ProgramResult good = runProgramWith({"validate", "--config", "-"}, fileWith(kGoodRule));
  EXPECT_EQ(good.status, 0) << good.output << good.errors;
  EXPECT_EQ(good.output, "stdin: valid, 1 rule\n");
  const ProgramResult bad = runProgramWith({"validate", "--config", "-"}, fileWith("- name: a\n"));
  EXPECT_EQ(bad.status, 78);
  EXPECT_THAT(bad.output, HasSubstr("stdin:4:3: providers[0].module: is missing\n"));
  EXPECT_EQ(runProgramWith({"validate", "--config", "-"}, "").output, "stdin: the file is empty\nstdin: 1 problem\n");
  const ProgramResult huge = runProgramWith({"validate", "--config", "-"}, std::string((4u << 20) + 1, '#'));
  EXPECT_EQ(huge.status, 78);
  EXPECT_THAT(huge.errors, HasSubstr("the broker file on stdin"));
}

TEST_F(Validate, AloneReadsTheFileFromStdin) {
  EXPECT_EQ(runProgramWith({"--config", "-"}, fileWith(kGoodRule)).status, 64);
  EXPECT_EQ(runProgramWith({"--config", "-", "explain", "a.test/b"}, fileWith(kGoodRule)).status, 64);
  EXPECT_EQ(runProgramWith({"--config", "-", "--skip-files"}, fileWith(kGoodRule)).status, 64);
}

// Away from the node its files are not there.
TEST_F(Validate, SaysWhichFilesItDidNotOpen) {
  const std::string rules =
      "- name: m\n  module: static-token\n  matchImages: [\"m.test\"]\n  audience: a\n  tls: {caFile: "
      "/not/here/ca.pem, "
      "clientCertificateFile: /not/here/c.pem, clientKeyFile: /not/here/k.pem}\n"
      "  settings: {username: pull, passwordFile: /not/here/password}\n"
      "- name: n\n  module: /not/here/n.so\n  matchImages: [\"n.test\"]\n  audience: a\n";
  const ProgramResult result = validate(rules, {"--skip-files"});
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("not checked: providers[0].settings.passwordFile: /not/here/password\n"),
                                   HasSubstr("not checked: providers[0].tls.caFile: /not/here/ca.pem\n"),
                                   HasSubstr("not checked: providers[0].tls.clientKeyFile: /not/here/k.pem\n"),
                                   HasSubstr("not checked: providers[1].module: /not/here/n.so\n"),
                                   HasSubstr(": valid, 2 rules, 5 not checked\n")));
  EXPECT_EQ(validate(rules).status, 78);
  const ProgramResult json = validate(rules, {"--skip-files", "--output", "json"});
  const auto parsed = parseJson(json.output);
  ASSERT_TRUE(std::holds_alternative<Json>(parsed)) << json.output;
  EXPECT_EQ(*std::get<Json>(parsed).at("/notChecked/0/path")->string(), "providers[0].settings.passwordFile");
  EXPECT_EQ(*std::get<Json>(parsed).at("/notChecked/0/what")->string(), "/not/here/password");
}

TEST_F(Validate, StillChecksAllElseIfFilesAreElsewhere) {
  const std::string rule =
      "- name: m\n  module: static-token\n  matchImages: [\"m.test\"]\n  audience: a\n  settings: ";
  for (const char* settings : {"{username: pull, passwordFile: /not/here/p, credentialFile: /not/here/c}",
                               "{username: pull, passwordFile: /not/here/p, expiresAt: \"2020-01-01T00:00:00Z\"}",
                               "{passwordFile: /not/here/p}"}) {
    EXPECT_EQ(validate(rule + settings + "\n", {"--skip-files"}).status, 78) << settings;
  }
}

TEST_F(Validate, MakesNoConnectionAndAsksForNoName) {
  // A program that asked for this name would fail and say so.
  const ProgramResult result = validate(
      "- name: c\n  module: cloudsmith\n  matchImages: [\"c.test\"]\n  audience: a\n"
      "  settings: {organization: acme, service: s, apiHost: api.invalid}\n");
  EXPECT_EQ(result.status, 0) << result.output;
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

TEST(ValidateDropIn, SaysWhatOfThePluginsVariablesIsTakenOtherwise) {
  const ProgramResult result = runProgramWith({"validate"}, {},
                                              {{"CLOUDSMITH_ORG_SLUG", "acme"},
                                               {"CLOUDSMITH_SERVICE_SLUG", "puller"},
                                               {"CLOUDSMITH_LOG_LEVEL", "loud"},
                                               {"HTTPS_PROXY", "https://user:canary@proxy.invalid"}});
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("note: log_level: \"loud\" is not one of"),
                                   HasSubstr("note: HTTPS_PROXY cannot be used"), testing::Not(HasSubstr("canary"))));
}

}  // namespace
}  // namespace rcb::test
