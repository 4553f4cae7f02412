// What a run can still do once it has met the network, tried from inside by a provider made for that (probe_program.cpp). As root, like a kubelet's
// child.
#include "core/process/confinement.hpp"

#include "core/support/json.hpp"
#include "tests/confinement/attempt_judge.hpp"
#include "tests/confinement/attempts.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/identity_service.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tested_program.hpp"
#include "tests/support/tls_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <sstream>

namespace rcb {
namespace {

using test::Finished;
using test::Lack;
using test::namesOf;
using testing::HasSubstr;
using testing::IsEmpty;

class Confinement : public testing::Test {
 protected:
  Confinement() : pki_(folder_.path()), leaf_(pki_.issue("server", {.names = {"localhost"}})) {
    test::TlsServer::Options options;
    options.certificateFile = leaf_.certificateFile;
    options.keyFile = leaf_.keyFile;
    server_ = std::make_unique<test::TlsServer>(options, [](const test::ServerRequest&) {
      test::ServerReply reply;
      reply.body = "{}";
      return reply;
    });
    folder_.write("late", "read-ahead", 0600);
  }

  std::string brokerFile(const std::string& more = {}) const {
    return fmt::format(
        "apiVersion: registry-credential-broker/v1alpha1\n"
        "kind: BrokerConfig\n{}"
        "providers:\n"
        "- name: probe\n"
        "  module: probe\n"
        "  matchImages: [registry.test]\n"
        "  identity: none\n"
        "  settings: {{url: \"https://localhost:{}/\", file: {}/late}}\n"
        "  tls: {{caFile: {}, caMode: replace}}\n",
        more, server_->port(), folder_.path(), pki_.rootFile());
  }

  // `before`: the words of a program that runs the probe.
  Finished run(const std::string& config, std::vector<std::string> before = {}) const {
    before.insert(before.end(), {RCB_PROBE, "--config", folder_.write("broker.yaml", config)});
    return runCommand(std::move(before));
  }

  static Finished runCommand(std::vector<std::string> words, const std::string& more = {}) {
    return test::runCommand({.arguments = std::move(words),
                             .environment = {},
                             .input = R"({"apiVersion": "credentialprovider.kubelet.k8s.io/v1",
                                          "kind": "CredentialProviderRequest", "image": "registry.test/app")" +
                                      more + "}"},
                            std::chrono::seconds(30));
  }

  // The parts of the probe's password: the file, what must not be possible, what must.
  static std::vector<std::string> partsOf(const Finished& finished) {
    std::vector<std::string> parts;
    EXPECT_EQ(finished.exitStatus, 0) << finished.errors;
    const auto begin = finished.output.find(R"("password":")");
    std::istringstream password(finished.output.substr(begin + 12, finished.output.rfind('"') - begin - 12));
    for (std::string part; std::getline(password, part, '|');) parts.push_back(part);
    EXPECT_EQ(parts.size(), 3U) << finished.output;
    parts.resize(3);
    return parts;
  }

  test::ForbiddenFolder forbidden_;
  test::TempFolder folder_;
  test::Pki pki_;
  test::Pki::Leaf leaf_;
  std::unique_ptr<test::TlsServer> server_;
};

TEST_F(Confinement, LeavesARunWhatItNeedsAndNothingElse) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root has something to give up";
  const auto parts = partsOf(run(brokerFile("confinement: required\n")));
  EXPECT_EQ(parts[0], "read-ahead");
  EXPECT_THAT(namesOf(parts[1], true), IsEmpty()) << parts[1];
  EXPECT_THAT(namesOf(parts[2], false), IsEmpty()) << parts[2];
  EXPECT_TRUE(std::filesystem::exists(test::ForbiddenFolder::readable()));
}

// Without confinement the attempts succeed, so their failure shows something.
TEST_F(Confinement, TakesAwayWhatRootHas) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root has something to give up";
  for (const char* name : {"clone", "signal", "shadow", "read", "list", "list-root", "write", "create", "make-folder",
                           "root-again", "server"}) {
    for (const test::Attempt& attempt : test::forbiddenAttempts()) {
      EXPECT_EQ(attempt.name == name ? attempt.run() : 0, 0) << name;
    }
  }
}

// What a kernel or a place lacks.
class ConfinementLack : public Confinement, public testing::WithParamInterface<Lack> {};

TEST_P(ConfinementLack, LeavesTheOtherPartsInForceAndIsRefusedWhereAllAreRequired) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root has something to give up";
  const Lack& lack = GetParam();
  const std::vector<std::string> wrapper = lack.wrapper(RCB_WITHOUT_CALLS);
  const auto parts = partsOf(run(brokerFile(), wrapper));
  for (const std::string& name : lack.stillHolds) EXPECT_THAT(parts[1], testing::Not(HasSubstr(name + "=0 "))) << name;
  EXPECT_THAT(namesOf(parts[2], false), IsEmpty()) << parts[2];
  const Finished refused = run(brokerFile("confinement: required\n"), wrapper);
  EXPECT_EQ(refused.exitStatus, 78);
  EXPECT_EQ(refused.output, "");
  EXPECT_THAT(refused.errors, HasSubstr("code=confinement-missing"));
  EXPECT_THAT(refused.errors, HasSubstr(lack.clause));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ConfinementLack,
    testing::Values(
        Lack{"Landlock", 444, ENOSYS, "no Landlock", {"exec", "shadow", "write", "packets", "root-again"}},
        Lack{"LandlockIsSwitchedOff", 444, EOPNOTSUPP, "no Landlock", {"exec", "shadow", "write", "packets"}},
        Lack{
            "Filters", SYS_seccomp, ENOSYS, "no seccomp filters", {"shadow", "write", "create", "read", "raw-packets"}},
        Lack{"AnotherUser", SYS_setresuid, EINVAL, "root is kept", {"exec", "write", "read", "raw-packets", "mount"}}),
    [](const auto& instance) { return instance.param.name; });

struct Way {
  std::string name;
  std::string address;
  bool glibcOnly = false;
};

class NameResolution : public Confinement, public testing::WithParamInterface<Way> {};

// Nothing listens at the address, so the line says which one it is.
TEST_P(NameResolution, WorksInAConfinedRun) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can make namespaces";
  const Way& way = GetParam();
  const test::TestedProgram& program = test::testedProgram();
  if (program.emulated || (way.glibcOnly && !program.loadsModules)) GTEST_SKIP() << "not of this program";
  const std::string config = folder_.write(
      "broker.yaml",
      fmt::format("apiVersion: registry-credential-broker/v1alpha1\n"
                  "kind: BrokerConfig\n"
                  "confinement: required\n"
                  "deadline: 3s\n"
                  "providers:\n"
                  "- name: exchange\n"
                  "  module: token-exchange\n"
                  "  matchImages: [registry.test]\n"
                  "  audience: exchange\n"
                  "  settings: {{url: \"https://exchange.corp.test:1/\", username: robot, parameters: {{a: b}}}}\n"
                  "  tls: {{caFile: {}, caMode: replace}}\n",
                  pki_.rootFile()));
  std::vector<std::string> words = {RCB_WITH_RESOLUTION, way.name, RCB_NSS_MODULE, "--"};
  words.insert(words.end(), program.command.begin(), program.command.end());
  words.insert(words.end(), {"--config", config});
  const std::string token =
      test::IdentityService("https://cluster.test", test::SigningKey::generate(test::SignatureAlgorithm::kEs256))
          .issue({"team-a", "puller", {"exchange"}},
                 std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  const Finished finished = runCommand(words, fmt::format(R"(, "serviceAccountToken": "{}")", token));
  EXPECT_THAT(finished.errors, HasSubstr("code=connect-failed"));
  EXPECT_THAT(finished.errors, HasSubstr(way.address)) << finished.errors;
}

INSTANTIATE_TEST_SUITE_P(Each, NameResolution,
                         testing::Values(Way{"files", "127.0.0.71"}, Way{"dns", "127.0.0.72"},
                                         Way{"stub", "127.0.0.73"}, Way{"module", "127.0.0.74", true}),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace rcb
