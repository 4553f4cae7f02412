#include "core/cluster/exec_credential.hpp"

#include "tests/support/error_matchers.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace rcb {
namespace {

using namespace std::chrono_literals;
using test::TempFolder;
using test::throwsError;
using testing::HasSubstr;
using testing::Not;

std::string withStatus(const std::string& status) {
  return R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":)" + status + "}";
}

// A plugin that is this shell script.
class ExecPluginTest : public testing::Test {
 protected:
  ExecCredential run(const std::string& script, std::chrono::milliseconds limit = 20s) {
    config_.server = "https://api.test";
    if (!config_.exec) config_.exec.emplace();
    config_.exec->command = folder_.write("plugin", "#!/bin/sh\n" + script, 0755);
    return runExecPlugin(config_, authorities_, "", Deadline::after(limit));
  }
  std::string failure(const std::string& script) {
    try {
      run(script);
      return "none";
    } catch (const Error& error) {
      return error.line();
    }
  }

  TempFolder folder_;
  Kubeconfig config_;
  std::string authorities_;
};

TEST(ExecCredential, IsATokenOrACertificateOrBoth) {
  EXPECT_EQ(parseExecCredential(withStatus(R"({"token":"canary","expirationTimestamp":"2030-01-01T00:00:00Z"})"))
                .token.reveal(),
            "canary");
  const ExecCredential both =
      parseExecCredential(withStatus(R"({"token":"t","clientCertificateData":"certificate","clientKeyData":"key"})"));
  EXPECT_EQ(both.token.reveal(), "t");
  EXPECT_EQ(both.clientCertificate.reveal(), "certificate");
  EXPECT_EQ(both.clientKey.reveal(), "key");
}

TEST(ExecCredential, IsRefusedIfItIsAnythingElse) {
  const auto code = ErrorCode::kAnswerInvalid;
  EXPECT_THAT([] { parseExecCredential(""); }, throwsError(code, "is not valid JSON"));
  EXPECT_THAT([] { parseExecCredential("[1]"); }, throwsError(code, "is not an ExecCredential"));
  EXPECT_THAT([] { parseExecCredential(R"({"kind":"Status"})"); }, throwsError(code, "is not an ExecCredential"));
  EXPECT_THAT([] { parseExecCredential(withStatus("null")); }, throwsError(code, "neither a token nor"));
  EXPECT_THAT([] { parseExecCredential(withStatus(R"({"token":7})")); }, throwsError(code, "neither a token nor"));
  EXPECT_THAT([] { parseExecCredential(withStatus(R"({"token":"t","clientKeyData":"k"})")); },
              throwsError(code, "only one of clientCertificateData and clientKeyData"));
  EXPECT_THAT([] { parseExecCredential(std::string(100'000, '[')); }, throwsError(code, "is not valid JSON"));
}

TEST(ExecCredential, TellsThePluginTheClusterOnlyIfItIsToKnow) {
  Kubeconfig config;
  config.server = "https://api.test";
  config.exec.emplace();
  EXPECT_EQ(execInfo(config, "CA"), R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",)"
                                    R"("spec":{"interactive":false}})");
  config.exec->apiVersion = "client.authentication.k8s.io/v1beta1";
  config.exec->needsCluster = true;
  EXPECT_EQ(execInfo(config, "CA"),
            R"({"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","spec":{"cluster":)"
            R"({"server":"https://api.test","certificate-authority-data":"Q0E="},"interactive":false}})");
}

TEST_F(ExecPluginTest, PrintsTheCredentialOnStdoutAndMayWriteToStderr) {
  EXPECT_EQ(run("echo 'some warning' >&2; echo '" + withStatus(R"({"token":"canary"})") + "'").token.reveal(),
            "canary");
}

TEST_F(ExecPluginTest, GetsItsArgumentsAndVariables) {
  config_.exec.emplace();
  config_.exec->arguments = {"one", "two three"};
  config_.exec->environment = {{"PROFILE", "node"}};
  EXPECT_EQ(run("echo '" + withStatus(R"({"token":"'"$1/$2/$PROFILE"'"})") + "'").token.reveal(), "one/two three/node");
}

TEST_F(ExecPluginTest, GetsWhatItIsToPrint) {
  EXPECT_EQ(run("case $KUBERNETES_EXEC_INFO in *ExecCredential*) ;; *) exit 1;; esac; echo '" +
                withStatus(R"({"token":"t"})") + "'")
                .token.reveal(),
            "t");
}

TEST_F(ExecPluginTest, ThatFailsIsNamedWithItsStatusAndNothingThatItWrote) {
  const std::string line = failure("echo canary-canary; echo canary-canary >&2; exit 3");
  EXPECT_THAT(line, HasSubstr("failed with exit status 3"));
  EXPECT_THAT(line, HasSubstr(folder_.path() + "/plugin"));
  EXPECT_THAT(line, Not(HasSubstr("canary")));
}

TEST_F(ExecPluginTest, ThatPrintsAnythingElseIsRefusedWithoutQuotingIt) {
  const std::string line = failure("echo canary-canary");
  EXPECT_THAT(line, HasSubstr("is not valid JSON"));
  EXPECT_THAT(line, Not(HasSubstr("canary")));
}

TEST_F(ExecPluginTest, ThatPrintsTooMuchIsRefused) {
  EXPECT_THAT(failure("head -c 200000 /dev/zero | tr '\\0' ' '; echo '" + withStatus(R"({"token":"t"})") + "'"),
              HasSubstr("is not valid JSON"));
}

TEST_F(ExecPluginTest, ThatDoesNotEndIsKilledAtTheDeadline) {
  EXPECT_THAT([this] { run("exec sleep 600", 200ms); }, throwsError(ErrorCode::kDeadline));
}

TEST_F(ExecPluginTest, ThatIsNotThereIsNamed) {
  config_.exec.emplace();
  config_.exec->command = "/nowhere/aws";
  EXPECT_THAT([this] { runExecPlugin(config_, "", "", Deadline::after(20s)); },
              throwsError(ErrorCode::kFileUnreadable, "/nowhere/aws cannot be started"));
}

}  // namespace
}  // namespace rcb
