#include "core/app/program.hpp"

#include "core/support/json.hpp"
#include "core/support/program_version.hpp"
#include "tests/core/app/program_run.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>

namespace rcb::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kCanary = "correct-horse-battery-staple-4711";

// A folder with a broker file for one static-token rule.
class Program : public testing::Test {
 protected:
  Program() {
    folder_.write("password", std::string(kCanary) + "\n", 0600);
    writeConfig("mirror.test:5000");
  }
  void writeConfig(const std::string& pattern, const std::string& more = "") {
    config_ = folder_.write("config.yaml",
                            "apiVersion: registry-credential-broker/v1alpha1\n"
                            "kind: BrokerConfig\n" +
                                more +
                                "providers:\n"
                                "- name: mirror\n"
                                "  module: static-token\n"
                                "  matchImages: [\"" +
                                pattern +
                                "\"]\n"
                                "  identity: none\n"
                                "  settings: {username: pull, passwordFile: " +
                                folder_.path() + "/password}\n");
  }
  ProgramResult answer(const std::string& input) { return runProgramWith({"--config", config_}, input); }

  TempFolder folder_;
  std::string config_;
};

TEST_F(Program, AnswersWithOneJsonObjectAndNothingElse) {
  const ProgramResult result = answer(requestFor("mirror.test:5000/team/app"));
  EXPECT_EQ(result.status, 0) << result.errors;
  EXPECT_EQ(result.errors, "");
  EXPECT_EQ(
      result.output,
      R"({"kind":"CredentialProviderResponse","apiVersion":"credentialprovider.kubelet.k8s.io/v1","cacheKeyType":"Registry",)"
      R"("cacheDuration":"5m0s","auth":{"mirror.test:5000":{"username":"pull","password":"correct-horse-battery-staple-4711"}}})"
      "\n");
}

TEST_F(Program, AnswersInTheVersionThatWasAsked) {
  for (const std::string version : {"v1beta1", "v1alpha1"}) {
    const ProgramResult result =
        answer(R"({"kind":"CredentialProviderRequest","apiVersion":"credentialprovider.kubelet.k8s.io/)" + version +
               R"(","image":"mirror.test:5000/app"})");
    EXPECT_EQ(result.status, 0) << result.errors;
    EXPECT_THAT(result.output, HasSubstr("credentialprovider.kubelet.k8s.io/" + version + "\""));
  }
}

TEST_F(Program, ReadsItsFileAtEveryRun) {
  EXPECT_EQ(answer(requestFor("other.test/app")).status, 66);
  writeConfig("other.test");
  EXPECT_EQ(answer(requestFor("other.test/app")).status, 0);
}

TEST_F(Program, FailsWithOneLineAndAnEmptyStdout) {
  const ProgramResult result = answer(requestFor("elsewhere.test/app"));
  EXPECT_EQ(result.status, 66);
  EXPECT_EQ(result.output, "");
  EXPECT_THAT(result.errors, AllOf(StartsWith("registry-credential-broker: no rule of "), HasSubstr("code=no-rule"),
                                   HasSubstr("image=elsewhere.test/app"), EndsWith("\n")));
  EXPECT_EQ(std::count(result.errors.begin(), result.errors.end(), '\n'), 1);
}

TEST_F(Program, NamesTheNearestPatternWhenNoRuleMatches) {
  EXPECT_THAT(answer(requestFor("mirror.test:500/app")).errors, HasSubstr("the nearest pattern is mirror.test:5000"));
}

TEST_F(Program, NeverPrintsTheSecretsOfARunThatFails) {
  const std::string token = "eyJhbGciOiJub25lIn0." + std::string(kCanary) + ".sig";
  writeConfig("mirror.test:5000", "logLevel: debug\n");
  for (const std::string& input :
       {requestFor("elsewhere.test/app", "\"serviceAccountToken\":\"" + token + "\""),
        requestFor("mirror.test:5000/app", "\"serviceAccountToken\":\"" + token + "\",\"image\":1"),
        requestFor("mirror.test:5000/app", "\"serviceAccountToken\":\"" + token + "\"") + "trailing", token}) {
    const ProgramResult result = answer(input);
    EXPECT_NE(result.status, 0);
    EXPECT_THAT(result.errors, Not(HasSubstr(std::string(kCanary)))) << input;
  }
}

TEST_F(Program, ReportsTheFirstProblemOfAWrongFileAndCountsTheOthers) {
  const std::string file =
      folder_.write("wrong.yaml",
                    "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\ndeadlin: 3s\nproviders:\n"
                    "- name: a\n  module: quay\n  matchImages: [\"a.test\"]\n  identity: anyone\n");
  const ProgramResult result = runProgramWith({"--config", file}, requestFor("a.test/app"));
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.errors, AllOf(HasSubstr(file + ":3:1: deadlin: "), HasSubstr("deadline"),
                                   HasSubstr("(and 1 more)"), HasSubstr("code=config-invalid"), HasSubstr("validate")));
}

TEST_F(Program, SaysWhereItLookedWhenThereIsNoFile) {
  const ProgramResult missing = runProgramWith({"--config", folder_.path() + "/none.yaml"}, requestFor("a.test/app"));
  EXPECT_EQ(missing.status, 78);
  EXPECT_THAT(missing.errors, AllOf(HasSubstr("/none.yaml"), HasSubstr("No such file")));
}

TEST_F(Program, RefusesAFileThatOthersMayWrite) {
  ASSERT_EQ(::chmod(config_.c_str(), 0666), 0);
  const ProgramResult result = answer(requestFor("mirror.test:5000/app"));
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.errors, HasSubstr("code=file-untrusted"));
}

TEST_F(Program, RefusesASecretThatOthersMayWrite) {
  ASSERT_EQ(::chmod((folder_.path() + "/password").c_str(), 0662), 0);
  const ProgramResult result = answer(requestFor("mirror.test:5000/app"));
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.errors, AllOf(HasSubstr("code=file-untrusted"), HasSubstr("provider=mirror"),
                                   Not(HasSubstr(std::string(kCanary)))));
}

TEST_F(Program, TreatsAWrongCommandLineAsUsage) {
  const ProgramResult result = runProgramWith({"--frobnicate"});
  EXPECT_EQ(result.status, 64);
  EXPECT_EQ(result.output, "");
  EXPECT_THAT(result.errors, HasSubstr("code=usage"));
}

TEST_F(Program, PrintsItsVersion) {
  EXPECT_THAT(runProgramWith({"version"}).output,
              StartsWith("registry-credential-broker " + std::string(kProgramVersion) + " (module ABI 1.0)\n"));
  EXPECT_EQ(runProgramWith({"--version"}).output, runProgramWith({"version"}).output);
}

const Json& errorIn(const Json& document) { return *document.find("error"); }

// A script that requested JSON gets JSON, whatever happens.
TEST_F(Program, FailsInJsonWhereJsonWasAskedFor) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"explain", "no-registry", "--config", config_, "--output", "json"},
        {"validate", "-f", folder_.path() + "/none", "-ojson"},
        {"providers", "show", "none", "-o=json"},
        {"explian", "--output=json"},
        {"--output", "json"}}) {
    const ProgramResult result = runProgramWith(arguments);
    EXPECT_NE(result.status, 0);
    EXPECT_EQ(result.output, "");
    EXPECT_EQ(std::count(result.errors.begin(), result.errors.end(), '\n'), 1) << result.errors;
    const auto parsed = parseJson(result.errors);
    ASSERT_TRUE(std::holds_alternative<Json>(parsed)) << result.errors;
    const Json& error = errorIn(std::get<Json>(parsed));
    EXPECT_THAT(result.errors, HasSubstr("\"exitStatus\":" + std::to_string(result.status)));
    for (const char* name : {"code", "message", "advice"}) EXPECT_NE(error.find(name)->string(), nullptr) << name;
  }
}

TEST_F(Program, FailsInTextWhereTextWasAskedFor) {
  EXPECT_THAT(runProgramWith({"validate", "-f", folder_.path() + "/none", "-o", "text"}).errors,
              StartsWith("registry-credential-broker: "));
}

TEST_F(Program, PaintsNothingInAFile) {
  EXPECT_THAT(runProgramWith({"validat"}, {}, {{"TERM", "xterm"}}).errors, Not(HasSubstr("\x1b")));
}

// What a failing run writes to a terminal.
std::string lineOnTerminal(const Environment& environment) {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0) return "";
  const int errors = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY);
  EXPECT_EQ(runProgram({.builtins = {},
                        .dropIns = {},
                        .knownPlugins = {},
                        .arguments = {"validat"},
                        .environment = environment,
                        .errors = errors}),
            64);
  std::string line(1000, '\0');
  line.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(terminal, line.data(), line.size()), 0)));
  ::close(errors);
  ::close(terminal);
  return line;
}

TEST_F(Program, PaintsItsNameAloneOnATerminal) {
  const std::string line = lineOnTerminal({});
  if (line.empty()) GTEST_SKIP() << "there are no terminals here";
  EXPECT_THAT(line, StartsWith("\x1b[31mregistry-credential-broker:\x1b[0m there is no command"));
  EXPECT_THAT(lineOnTerminal({{"NO_COLOR", "1"}}), StartsWith("registry-credential-broker: there is no command"));
}

TEST_F(Program, PrintsHelp) {
  const ProgramResult result = runProgramWith({"--help"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, AllOf(HasSubstr("explain"), HasSubstr("--config")));
}

TEST_F(Program, RendersASchemaThatIsJson) {
  const auto parsed = parseJson(runProgramWith({"render", "schema"}).output);
  ASSERT_TRUE(std::holds_alternative<Json>(parsed));
  EXPECT_NE(std::get<Json>(parsed).find("$schema"), nullptr);
  EXPECT_THAT(runProgramWith({"render", "reference"}).output, HasSubstr("matchImages"));
}

}  // namespace
}  // namespace rcb::test
