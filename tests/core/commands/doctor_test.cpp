#include "core/commands/doctor.hpp"

#include "core/doctor/check_table.hpp"
#include "core/doctor/machine_checks.hpp"
#include "tests/core/app/program_run.hpp"
#include "tests/core/commands/made_up_node.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace rcb::test {
namespace {

using namespace std::string_literals;
using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::Eq;
using testing::Field;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// For readers of a failure.
std::string linesOf(const std::vector<CheckFinding>& findings) {
  std::string lines;
  for (const CheckFinding& one : findings)
    lines += std::string(verdictName(one.verdict)) + " " + one.check + ": " + one.what + "\n";
  return lines;
}

auto says(const std::string& check, Verdict verdict, const std::string& what) {
  return Contains(AllOf(Field("check", &CheckFinding::check, check), Field("verdict", &CheckFinding::verdict, verdict),
                        Field("what", &CheckFinding::what, HasSubstr(what))));
}

class Doctor : public testing::Test {
 protected:
  // What is found, without the kernel of the machine that runs the test.
  std::vector<CheckFinding> findings() {
    std::vector<CheckFinding> all = node_.examine().findings();
    std::erase_if(all, [](const CheckFinding& one) { return one.check == "confinement"; });
    for (const CheckFinding& one : all) {
      EXPECT_EQ(one.fix.empty(), one.verdict == Verdict::kPass || one.verdict == Verdict::kSkip)
          << one.check << ": " << one.what;
    }
    return all;
  }
  // Breaks one thing: this check says it, and everything that has nothing to do with it passes as before.
  void expectAlone(const std::string& check, Verdict verdict, const std::string& what) {
    const std::vector<CheckFinding> all = findings();
    EXPECT_THAT(all, says(check, verdict, what)) << linesOf(all);
    for (const CheckFinding& one : all) {
      if (one.check == check || one.verdict == Verdict::kSkip) continue;
      EXPECT_EQ(one.verdict, Verdict::kPass) << one.check << ": " << one.what;
    }
  }

  MadeUpNode node_;
};

TEST_F(Doctor, PassesAHealthyNode) {
  std::string skipped;
  for (const CheckFinding& one : findings()) {
    EXPECT_THAT(one.verdict, AnyOf(Verdict::kPass, Verdict::kSkip)) << one.check << ": " << one.what;
    if (one.verdict == Verdict::kSkip) skipped += one.check + " ";
  }
  EXPECT_EQ(skipped, "pull-records ");
}

TEST_F(Doctor, AnswersWithEveryCheckOfTheTableInItsOrder) {
  std::vector<std::string> found;
  const Diagnosis diagnosis = node_.examine();
  for (const CheckFinding& one : diagnosis.findings()) {
    if (found.empty() || found.back() != one.check) found.push_back(one.check);
  }
  std::vector<std::string> table;
  for (const CheckEntry& entry : checkTable()) {
    if (entry.slug == "kubeconfig")
      break;  // the checks of the cluster follow: tests/core/doctor/cluster_checks_test.cpp
    table.emplace_back(entry.slug);
  }
  EXPECT_EQ(found, table);
}

TEST_F(Doctor, DocumentsEveryCheck) {
  std::ifstream file(RCB_SOURCE_DIR "/docs/doctor.md");
  const std::string page = (std::ostringstream() << file.rdbuf()).str();
  std::set<std::string> sections;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("### ")) sections.insert(line.substr(4));
  }
  std::set<std::string> table;
  for (const CheckEntry& entry : checkTable()) table.emplace(entry.slug);
  EXPECT_EQ(sections, table);
}

// --- The kubelet ---

TEST_F(Doctor, SaysThatNoKubeletRuns) {
  node_.remove("proc/99");
  const auto all = findings();
  EXPECT_THAT(all, says("kubelet", Verdict::kFail, "no kubelet runs on this machine"));
  EXPECT_THAT(all, says("kubelet-version", Verdict::kSkip, "no kubelet was found"));
  EXPECT_THAT(all, says("plugins", Verdict::kSkip, "is not known"));
  EXPECT_THAT(all, says("broker-file", Verdict::kPass, "is valid, 1 rule"));
}

TEST_F(Doctor, SaysThatTheKubeletIsTooOldForTokens) {
  node_.useVersion("Kubernetes v1.32.1");
  node_.change(MadeUpNode::kProviderFile,
               "  tokenAttributes:\n    serviceAccountTokenAudience: cloudsmith\n    cacheType: ServiceAccount\n    "
               "requireServiceAccount: true\n",
               "");
  EXPECT_THAT(findings(),
              says("kubelet-version", Verdict::kWarn, "v1.32.1, which gives plugins no service account token"));
  node_.useVersion("Kubernetes v1.25.1");
  EXPECT_THAT(findings(), says("kubelet-version", Verdict::kFail, "no stable interface"));
}

TEST_F(Doctor, SaysThatItDoesNotKnowANewerKubelet) {
  node_.useVersion("Kubernetes v1.99.0");
  expectAlone("kubelet-version", Verdict::kWarn, "v1.99.0, newer than the rules known here");
}

TEST_F(Doctor, GoesOnWithoutAVersion) {
  node_.useVersion("flag provided but not defined");
  const auto all = findings();
  EXPECT_THAT(all, says("kubelet-version", Verdict::kWarn, "does not say a version"));
  EXPECT_THAT(all, says("provider-rules", Verdict::kPass, "a kubelet of 1.37 takes it"));
}

TEST_F(Doctor, SaysWhichFlagIsMissing) {
  node_.startKubelet({"--v=4"});
  EXPECT_THAT(findings(), says("kubelet-flags", Verdict::kFail,
                               "without --image-credential-provider-config and --image-credential-provider-bin-dir"));
  node_.startKubelet({"--image-credential-provider-config=/a.yaml"});
  EXPECT_THAT(findings(), says("kubelet-flags", Verdict::kFail, "but without --image-credential-provider-bin-dir"));
  node_.startKubelet({"--image-credential-provider-bin-dir=/opt/plugins"});
  const auto all = findings();
  EXPECT_THAT(all, says("kubelet-flags", Verdict::kFail, "but without --image-credential-provider-config"));
  EXPECT_THAT(all, says("provider-file", Verdict::kSkip, "the kubelet was told of none"));
}

TEST_F(Doctor, ReadsTheFlagsOfKubelite) {
  node_.write("var/snap/args",
              "--v=4\n--image-credential-provider-config=/etc/kubernetes/"
              "credential-provider-config.yaml\n--image-credential-provider-bin-dir=/opt/plugins\n");
  node_.write("proc/99/cmdline", "/snap/microk8s/1/kubelite\0--kubelet-args-file=/var/snap/args\0"s);
  const auto all = findings();
  EXPECT_THAT(all, says("kubelet", Verdict::kPass, "inside kubelite (MicroK8s)"));
  EXPECT_THAT(all, says("kubelet-version", Verdict::kSkip, "does not say its version"));
  EXPECT_THAT(all, says("plugins", Verdict::kPass, "registry-credential-broker can be run"));
  // Its other forms, and a comment.
  node_.write("var/snap/args",
              "# --image-credential-provider-config=/none\n--image-credential-provider-config /etc/kubernetes/"
              "credential-provider-config.yaml\n\"--image-credential-provider-bin-dir\"='/opt/plugins'\n");
  EXPECT_THAT(findings(), says("plugins", Verdict::kPass, "registry-credential-broker can be run"));
}

TEST_F(Doctor, KnowsWhereK3sLooksWithoutFlags) {
  node_.write("proc/99/cmdline", "/usr/local/bin/k3s server\0"s);
  EXPECT_THAT(findings(), says("kubelet-flags", Verdict::kFail,
                               "k3s looks for plugins in /var/lib/rancher/credentialprovider/bin"));
  std::filesystem::create_directories(node_.path("var/lib/rancher/credentialprovider"));
  std::filesystem::rename(node_.path("opt/plugins"), node_.path("var/lib/rancher/credentialprovider/bin"));
  std::filesystem::rename(node_.path(MadeUpNode::kProviderFile),
                          node_.path("var/lib/rancher/credentialprovider/config.yaml"));
  node_.useVersion("k3s version v1.34.1+k3s1 (0123abc)");
  expectAlone("kubelet-flags", Verdict::kPass, "without flags");
}

TEST_F(Doctor, SaysThatMicroshiftHasItsOwnFile) {
  node_.write("proc/99/cmdline", "/usr/bin/microshift\0run\0"s);
  EXPECT_THAT(findings(), says("kubelet-flags", Verdict::kSkip, "/etc/microshift/config.yaml"));
}

TEST_F(Doctor, SaysThatTheKubeletSeesOtherFiles) {
  std::filesystem::create_directory_symlink("../..", node_.path("proc/99/root"));
  EXPECT_THAT(findings(), says("kubelet", Verdict::kPass, "process 99"));
  node_.remove("proc/99/root");
  std::filesystem::create_directory_symlink("../../etc", node_.path("proc/99/root"));
  EXPECT_THAT(findings(), says("kubelet", Verdict::kFail, "in another file system than this command"));
}

TEST_F(Doctor, SaysThatTheFeatureGateIsOff) {
  node_.useVersion("Kubernetes v1.33.1");
  node_.change(MadeUpNode::kProviderFile, "    cacheType: ServiceAccount\n", "");
  expectAlone("feature-gate", Verdict::kFail, "is off: nothing turns it on");
  node_.write("var/lib/kubelet/config.yaml",
              "featureGates: {KubeletServiceAccountTokenForCredentialProviders: true}\n");
  EXPECT_THAT(findings(), says("feature-gate", Verdict::kPass, "is on, by /var/lib/kubelet/config.yaml"));
  node_.write("var/lib/kubelet/config.yaml", "a: [");
  EXPECT_THAT(findings(), says("feature-gate", Verdict::kWarn, "is not known: /var/lib/kubelet/config.yaml:"));
}

TEST_F(Doctor, SaysThatTheKubeletHasNotReadTheFileYet) {
  node_.write("proc/99/stat", "99 (kubelet) S 1 1 1 0 -1 4 2 0 0 0 3 1 0 0 20 0 1 0 100 1 1\n");
  expectAlone("kubelet-restart", Verdict::kWarn, "but the kubelet was started at 1970-01-01T00:16:41Z");
  node_.remove("proc/99/stat");
  EXPECT_THAT(findings(), says("kubelet-restart", Verdict::kSkip, "cannot be read"));
}

TEST_F(Doctor, SaysThatTheShellsProxyIsNotThePlugins) {
  node_.shell = {{"HTTPS_PROXY", "http://user:canary-password@proxy.test:3128"}};
  expectAlone("environment", Verdict::kWarn, "this shell has HTTPS_PROXY, but the kubelet does not");
  EXPECT_THAT(node_.examine().json(), Not(HasSubstr("canary-password")));
}

TEST_F(Doctor, UsesTheEnvironmentOfThePlugins) {
  node_.useEnvironment("HTTPS_PROXY=http://user:canary-password@proxy.test:1\0"s);
  const auto all = findings();
  EXPECT_THAT(
      all, says("environment", Verdict::kPass, "gives its plugins HTTPS_PROXY; HTTPS_PROXY differ from this shell's"));
  EXPECT_THAT(all, says("dns", Verdict::kPass, "the proxy of api.test"));
  EXPECT_THAT(all, says("connect", Verdict::kFail, "connecting to the proxy proxy.test:1"));
  EXPECT_THAT(node_.examine().json(), Not(HasSubstr("canary-password")));
  node_.change(MadeUpNode::kProviderFile,
               "  tokenAttributes:", "  env: [{name: NO_PROXY, value: .test}]\n  tokenAttributes:");
  const auto direct = findings();
  EXPECT_THAT(direct, says("proxy", Verdict::kPass, "none (NO_PROXY exempts api.test)")) << linesOf(direct);
}

TEST_F(Doctor, SaysThatAProxyCannotBeUsed) {
  node_.useEnvironment("HTTPS_PROXY=socks5://user:canary-password@proxy.test\0"s);
  const auto all = findings();
  EXPECT_THAT(all, says("proxy", Verdict::kFail, "HTTPS_PROXY"));
  EXPECT_THAT(all, says("tls", Verdict::kSkip, "was not reached"));
  EXPECT_THAT(node_.examine().json(), Not(HasSubstr("canary-password")));
}

// --- The provider file ---

TEST_F(Doctor, SaysThatTheProviderFileIsMissing) {
  node_.remove(MadeUpNode::kProviderFile);
  const auto all = findings();
  EXPECT_THAT(all, says("provider-file", Verdict::kFail, "No such file"));
  EXPECT_THAT(all, says("provider-rules", Verdict::kSkip, "was not read"));
}

TEST_F(Doctor, SaysThatOtherUsersCanChangeTheProviderFile) {
  std::filesystem::permissions(node_.path(MadeUpNode::kProviderFile), std::filesystem::perms(0666));
  EXPECT_THAT(findings(), says("provider-file", Verdict::kFail, "other users can write to it"));
  std::filesystem::permissions(node_.path(MadeUpNode::kProviderFile), std::filesystem::perms(0644));
  std::filesystem::permissions(node_.path("etc/kubernetes"), std::filesystem::perms(0777));
  EXPECT_THAT(findings(), says("provider-file", Verdict::kFail, "/etc/kubernetes"));
}

TEST_F(Doctor, SaysThatTheKubeletWouldNotStartWithTheFile) {
  node_.change(MadeUpNode::kProviderFile, "cacheType: ServiceAccount", "cacheTyp: ServiceAccount");
  const auto all = findings();
  EXPECT_THAT(all, says("provider-rules", Verdict::kFail, "a kubelet of 1.34 does not start with it"));
  EXPECT_THAT(all, says("plugins", Verdict::kSkip, "is not known"));
}

TEST_F(Doctor, ReadsAFolderOfProviderFiles) {
  std::filesystem::create_directory(node_.path("etc/kubernetes/providers"));
  std::filesystem::rename(node_.path(MadeUpNode::kProviderFile), node_.path("etc/kubernetes/providers/10.yaml"));
  node_.write("etc/kubernetes/providers/README", "[");
  node_.startKubelet({"--image-credential-provider-config=/etc/kubernetes/providers",
                      "--image-credential-provider-bin-dir=/opt/plugins"});
  EXPECT_THAT(findings(), says("plugins", Verdict::kPass, "registry-credential-broker can be run"));
  node_.useVersion("Kubernetes v1.33.1");
  EXPECT_THAT(findings(), says("provider-file", Verdict::kFail, "is a folder, which a kubelet of 1.33 does not read"));
  node_.useVersion("Kubernetes v1.34.1");
  node_.remove("etc/kubernetes/providers/10.yaml");
  EXPECT_THAT(findings(), says("provider-file", Verdict::kFail, "has no *.json"));
}

// --- The plugins ---

TEST_F(Doctor, SaysThatAPluginCannotBeRun) {
  node_.remove(MadeUpNode::kPlugin);
  EXPECT_THAT(findings(), says("plugins", Verdict::kFail, "/opt/plugins has no program of this name"));
  node_.write(MadeUpNode::kPlugin, "#!/bin/sh\n", 0644);
  std::filesystem::permissions(node_.path(MadeUpNode::kPlugin), std::filesystem::perms(0644));
  EXPECT_THAT(findings(), says("plugins", Verdict::kFail, "is not executable"));
  node_.write(MadeUpNode::kPlugin, "hello", 0755);
  std::filesystem::permissions(node_.path(MadeUpNode::kPlugin), std::filesystem::perms(0755));
  EXPECT_THAT(findings(), says("plugins", Verdict::kFail, "is neither a program nor a script"));
  // A program for a 32-bit ARM.
  node_.write(MadeUpNode::kPlugin,
              "\x7f"s + "ELF" + "\x01\x01\x01" + std::string(9, '\0') + "\x02\0\x28\0"s + std::string(60, '\0'), 0755);
  EXPECT_THAT(findings(), says("plugins", Verdict::kFail, "is a program for another processor"));
  std::filesystem::permissions(node_.path("opt/plugins"), std::filesystem::perms(0777));
  EXPECT_THAT(findings(), says("plugins", Verdict::kFail, "/opt/plugins"));
}

TEST_F(Doctor, FollowsALinkToTheProgram) {
  node_.remove(MadeUpNode::kPlugin);
  std::filesystem::create_symlink("../../usr/local/bin/program", node_.path(MadeUpNode::kPlugin));
  EXPECT_THAT(findings(), says("plugins", Verdict::kPass, "(a link to ../../usr/local/bin/program)"));
  node_.remove(MadeUpNode::kPlugin);
  std::filesystem::create_symlink("nothing", node_.path(MadeUpNode::kPlugin));
  EXPECT_THAT(findings(), says("plugins", Verdict::kFail, "nothing"));
}

TEST_F(Doctor, SaysThatNoPluginIsThisProgram) {
  node_.write(MadeUpNode::kPlugin, "#!/bin/sh\nexit 1\n", 0755);
  const auto all = findings();
  EXPECT_THAT(all, says("plugins", Verdict::kFail,
                        "no entry of /etc/kubernetes/credential-provider-config.yaml runs this program"));
  EXPECT_THAT(all, says("plugin-version", Verdict::kSkip, "no plugin is this program"));
  EXPECT_THAT(all,
              says("rule", Verdict::kFail, "the kubelet runs registry-credential-broker, which is not this program"));
}

TEST_F(Doctor, SaysThatAPluginIsOfAnotherVersion) {
  node_.write(MadeUpNode::kPlugin, "#!/bin/sh\necho registry-credential-broker 9.9.9 '(no modules)'\n", 0755);
  expectAlone("plugin-version", Verdict::kWarn, "is version 9.9.9, this program is");
  node_.write(MadeUpNode::kPlugin, "#!/bin/sh\n# registry-credential-broker\nexit 1\n", 0755);
  expectAlone("plugin-version", Verdict::kWarn, "does not say its version");
}

// --- The broker file and the rule ---

TEST_F(Doctor, SaysWhatIsWrongWithTheBrokerFile) {
  node_.change(MadeUpNode::kBrokerFile, "audience:", "audiense:");
  const auto all = findings();
  EXPECT_THAT(all, says("broker-file", Verdict::kFail, "providers[0].audience: is missing (and 1 more)"));
  EXPECT_THAT(all, says("rule", Verdict::kSkip, "there is no valid broker file"));
  EXPECT_THAT(all, says("tls", Verdict::kSkip, "there is no valid broker file"));
  node_.remove(MadeUpNode::kBrokerFile);
  EXPECT_THAT(findings(), says("broker-file", Verdict::kFail, "there is no broker file"));
}

TEST_F(Doctor, ReadsTheBrokerFileThatTheEntryNames) {
  std::filesystem::create_directory(node_.path("etc/other"));
  std::filesystem::rename(node_.path(MadeUpNode::kBrokerFile), node_.path("etc/other/rules.yaml"));
  node_.change(MadeUpNode::kProviderFile,
               "  tokenAttributes:", "  args: [--config=/etc/other/rules.yaml]\n  tokenAttributes:");
  expectAlone("broker-file", Verdict::kPass, "/etc/other/rules.yaml is valid");
  node_.configFile = "/etc/none.yaml";
  EXPECT_THAT(findings(), says("broker-file", Verdict::kFail, "/etc/none.yaml"));
}

TEST_F(Doctor, SaysThatOtherUsersCanChangeTheBrokerFile) {
  std::filesystem::permissions(node_.path(MadeUpNode::kBrokerFile), std::filesystem::perms(0646));
  EXPECT_THAT(findings(), says("broker-file", Verdict::kFail, "other users can write to it"));
}

TEST_F(Doctor, SaysWhichRuleCannotBeRun) {
  node_.change(MadeUpNode::kBrokerFile, "caMode: replace",
               "caMode: replace, clientCertificateFile: /none.pem, clientKeyFile: /none.key");
  const auto all = findings();
  EXPECT_THAT(all, says("broker-rules", Verdict::kFail, "/none.pem"));
  EXPECT_THAT(all, says("rule-run", Verdict::kFail, "/none.pem"));
}

TEST_F(Doctor, SaysThatTheFilesDoNotFitTogether) {
  node_.change(MadeUpNode::kProviderFile, "serviceAccountTokenAudience: cloudsmith",
               "serviceAccountTokenAudience: other");
  expectAlone("agreement", Verdict::kFail, "requests tokens for");
}

TEST_F(Doctor, SaysThatNoEntryOrNoRuleMatchesTheImage) {
  node_.change(MadeUpNode::kProviderFile, "docker.test", "*.docker.test");
  EXPECT_THAT(findings(),
              says("rule", Verdict::kFail,
                   "no entry of /etc/kubernetes/credential-provider-config.yaml matches docker.test/acme/app"));
  node_.change(MadeUpNode::kProviderFile, "*.docker.test", "docker.test");
  node_.change(MadeUpNode::kBrokerFile, "\"docker.test\"", "\"docker.test/globex\"");
  const auto all = findings();
  EXPECT_THAT(all, says("rule", Verdict::kFail, "code=no-rule"));
  EXPECT_THAT(all, says("connect", Verdict::kSkip, "no rule answers for the image"));
}

TEST_F(Doctor, SaysThatTheRuleDoesNotAllowTheAccount) {
  node_.request.namespaceName = "outsiders";
  expectAlone("rule-run", Verdict::kFail, "code=not-allowed");
}

TEST_F(Doctor, ChecksAllRulesWithoutAnImage) {
  node_.request = {};
  const auto all = findings();
  EXPECT_THAT(all, says("rule", Verdict::kSkip, "no --image was given"));
  EXPECT_THAT(all, says("tls", Verdict::kPass, "api.test"));
}

TEST_F(Doctor, RefusesAnImageThatIsNotValid) {
  EXPECT_EQ(runProgramWith({"doctor", "--image", "app"}).status, static_cast<int>(ErrorKind::kBadRequest));
}

// --- The network ---

TEST_F(Doctor, SaysThatANameDoesNotResolve) {
  node_.resolves = false;
  const auto all = findings();
  EXPECT_THAT(all, says("dns", Verdict::kFail, "api.test"));
  EXPECT_THAT(all, says("connect", Verdict::kSkip, "was not reached"));
}

TEST_F(Doctor, SaysThatAHostDoesNotAccept) {
  node_.listens = false;
  const auto all = findings();
  EXPECT_THAT(all, says("connect", Verdict::kFail, "refused the connection"));
  EXPECT_THAT(all, says("tls", Verdict::kSkip, "was not reached"));
}

TEST_F(Doctor, SaysWhyACertificateIsNotTrusted) {
  node_.serve({.names = {"other.test"}});
  EXPECT_THAT(findings(), says("tls", Verdict::kFail, "is valid for other.test, not for api.test"));
  node_.serve({.names = {"api.test"}, .validFromDays = -9, .validUntilDays = -2});
  EXPECT_THAT(findings(), says("tls", Verdict::kFail, "its certificate expired on 20"));
  node_.serve({.names = {"api.test"}, .withoutIntermediate = true});
  EXPECT_THAT(findings(), says("tls", Verdict::kFail, "Intermediate"));
}

TEST_F(Doctor, SaysWhomItTrustsAndUntilWhen) {
  EXPECT_THAT(findings(), says("tls", Verdict::kPass, "of \"Test Intermediate\", valid until 20"));
  EXPECT_THAT(findings(), says("tls", Verdict::kPass, "trusted by \"Test Root\" from /"));
  node_.serve({.names = {"api.test"}, .validUntilDays = 2});
  expectAlone("tls", Verdict::kWarn, "it expires soon");
}

TEST_F(Doctor, ComparesTheClockWithTheServers) {
  EXPECT_THAT(findings(), says("clock", Verdict::kPass, "agrees with that of api.test"));
  node_.serverAhead = std::chrono::seconds(60);
  expectAlone("clock", Verdict::kWarn, "60 s behind that of api.test");
  node_.serverAhead = std::chrono::seconds(-3600);
  expectAlone("clock", Verdict::kFail, "3600 s ahead of that of api.test");
}

// --- The kernel and the records of pulls ---

TEST(DoctorsConfinement, IsJudgedByWhatIsMissingHere) {
  const auto judged = [](const Confinement& available, bool required = false) {
    Diagnosis diagnosis;
    judgeConfinement(available, required, diagnosis);
    return diagnosis.findings().front();
  };
  EXPECT_EQ(judged({}).verdict, Verdict::kPass);
  const CheckFinding partial = judged({.user = true, .files = false});
  EXPECT_EQ(partial.verdict, Verdict::kWarn);
  EXPECT_THAT(partial.what, StartsWith("files are not confined: the kernel has no Landlock"));
  EXPECT_THAT(judged({.user = false, .files = true, .calls = false}).what,
              HasSubstr("; system calls are not confined"));
  EXPECT_EQ(judged({}, true).verdict, Verdict::kPass);
  const CheckFinding refused = judged({.user = true, .files = true, .calls = false}, true);
  EXPECT_EQ(refused.verdict, Verdict::kFail);
  EXPECT_THAT(refused.what, StartsWith("the broker file requires it, but system calls are not confined"));
}

class DoctorOnRecords : public Doctor {
 protected:
  void record(const std::string& credentials) {
    node_.write(MadeUpNode::kRecords + "sha256-1"s,
                R"({"kind":"ImagePulledRecord","apiVersion":"kubelet.config.k8s.io/v1alpha1","imageRef":"sha256:77",)"
                R"("credentialMapping":{"docker.test/acme/app":)" +
                    credentials + "}}");
  }
};

TEST_F(DoctorOnRecords, SaysWhoMayUseTheImage) {
  record(
      R"({"kubernetesSecrets":[{"uid":"1","namespace":"ci","name":"pull","credentialHash":"canary-hash"}],)"
      R"("kubernetesServiceAccounts":[{"uid":"2","namespace":"team-a","name":"puller"},{"uid":"3","namespace":"team-b","name":"default"}]})");
  expectAlone("pull-records", Verdict::kPass,
              "docker.test/acme/app (sha256:77) may be used again with the service accounts team-a/puller, "
              "team-b/default and the secret ci/pull; team-a/puller is one of them");
  node_.request.serviceAccount = "other";
  EXPECT_THAT(findings(), says("pull-records", Verdict::kPass, "team-a/other is not one of them"));
  EXPECT_THAT(node_.examine().json(), Not(HasSubstr("canary-hash")));
}

TEST_F(DoctorOnRecords, WarnsIfEveryPodMayUseAnImageOfARuleWithIdentities) {
  record(R"({"nodePodsAccessible":true})");
  expectAlone("pull-records", Verdict::kWarn, "every pod of this node may use docker.test/acme/app");
}

TEST_F(DoctorOnRecords, SaysThatThereIsNoneForTheImage) {
  record(R"({"nodePodsAccessible":true})");
  node_.request.image = "docker.test/acme/other";
  expectAlone("pull-records", Verdict::kPass, "there is no record of docker.test/acme/other");
  node_.request = {};
  EXPECT_THAT(findings(), says("pull-records", Verdict::kPass, "1 images have a record"));
}

TEST_F(DoctorOnRecords, NamesOneThatIsDamaged) {
  node_.write(MadeUpNode::kRecords + "sha256-2"s, "{");
  EXPECT_THAT(findings(), says("pull-records", Verdict::kWarn, "sha256-2 is not valid JSON"));
}

// --- Without root ---

TEST_F(Doctor, SaysWhatItCannotSeeWithoutRoot) {
  node_.asRoot = false;
  const auto all = findings();
  EXPECT_THAT(all, says("privileges", Verdict::kWarn, "does not run as root"));
  EXPECT_THAT(all, says("kubelet-version", Verdict::kSkip, "only root"));
  EXPECT_THAT(all, says("pull-records", Verdict::kSkip, "only root"));
  node_.remove("proc/99/environ");
  EXPECT_THAT(findings(), says("environment", Verdict::kSkip, "only root can read the kubelet's environment"));
}

}  // namespace
}  // namespace rcb::test
