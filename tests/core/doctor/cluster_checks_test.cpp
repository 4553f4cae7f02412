#include "core/doctor/cluster_checks.hpp"

#include "core/doctor/check_table.hpp"
#include "providers/builtin.hpp"
#include "tests/core/doctor/fake_cluster.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace rcb {
namespace {

using test::FakeCluster;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ClusterChecks : public testing::Test {
 protected:
  ClusterChecks() {
    kubeconfig("token: canary-kubeconfig-token");
    RunningKubelet kubelet;
    kubelet.pid = 1;
    kubelet.arguments = {"--kubeconfig=" + path_};
    examination_.node.kubelet = kubelet;
    examination_.node.environment = Environment{{"SSL_CERT_FILE", cluster_.caFile()}};
    rules("");
    entry({});
  }

  void kubeconfig(const std::string& user, const std::string& server = {}) {
    path_ = cluster_.folder().write(
        "kubelet.conf",
        "current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\nclusters: [{name: a, cluster: "
        "{server: '" +
            (server.empty() ? "https://" + cluster_.host() : server) +
            "', certificate-authority: " + cluster_.caFile() + "}}]\nusers: [{name: a, user: {" + user + "}}]\n",
        0600);
  }
  void rules(const std::string& module, const std::string& more) {
    const std::string file =
        cluster_.folder().write("broker.yaml",
                                "apiVersion: registry-credential-broker/v1alpha1\n"
                                "kind: BrokerConfig\nproviders:\n- name: in-house\n  module: " +
                                    module + "\n  matchImages: [\"" + cluster_.host() + "\"]\n" + more,
                                0644);
    source_.configFile = file;
    LoadedBroker loaded = loadBroker(source_, providers_);
    for (const Problem& problem : loaded.problems) ADD_FAILURE() << problem.line(file);
    examination_.node.broker = std::move(loaded.broker);
  }
  void rules(const std::string& more) { rules("passthrough", "  audience: registry\n" + more); }
  void entry(const std::vector<std::string>& requiredKeys) {
    ProviderEntry entry;
    entry.name = "registry-credential-broker";
    entry.tokenAttributes = TokenAttributes{.audience = "registry", .cacheType = "ServiceAccount"};
    entry.tokenAttributes->requiredAnnotationKeys = requiredKeys;
    entry.tokenAttributes->optionalAnnotationKeys = {"example.com/user"};
    entry.matchImages = {cluster_.host()};
    examination_.node.entries = {entry};
    examination_.node.ours = {0};
  }

  void ask(const std::string& image = "/acme/app:1") {
    request_ = {
        .image = image.empty() ? "" : cluster_.host() + image, .namespaceName = "team-a", .serviceAccount = "puller"};
  }

  // Afterwards, what the steps before learn: image, entry and rule.
  const std::vector<CheckFinding>& run() {
    examination_.image.reset();
    examination_.node.winner.reset();
    if (!request_.image.empty()) examination_.image = parseImageReference(request_.image);
    if (examination_.image && examination_.node.broker) {
      examination_.node.winner = selectPattern(examination_.node.broker->config.patterns, *examination_.image);
    }
    const auto steps = clusterSteps();
    examine(examination_, steps);
    for (const CheckFinding& one : examination_.diagnosis.findings()) {
      EXPECT_TRUE(!one.fix.empty() || one.verdict == Verdict::kPass || one.verdict == Verdict::kSkip) << one.what;
    }
    const std::string text = examination_.diagnosis.text({}) + examination_.diagnosis.json();
    EXPECT_THAT(text, Not(HasSubstr("canary")));
    EXPECT_THAT(text, Not(HasSubstr("eyJ")));
    return examination_.diagnosis.findings();
  }

  // The only finding of the check, as "verdict: what; fix".
  std::string finding(const std::string& check) const {
    std::string line;
    for (const CheckFinding& one : examination_.diagnosis.findings()) {
      if (one.check != check) continue;
      EXPECT_TRUE(line.empty()) << check << " has several findings";
      line = std::string(verdictName(one.verdict)) + ": " + one.what + "; " + one.fix;
    }
    return line;
  }

  // All checks that failed or warned.
  std::vector<std::string> bad() const {
    std::vector<std::string> checks;
    for (const CheckFinding& one : examination_.diagnosis.findings()) {
      const bool isBad = one.verdict == Verdict::kFail || one.verdict == Verdict::kWarn;
      // The fake issuer is on a loopback address, which is worth a warning.
      if (isBad && !(one.verdict == Verdict::kWarn && one.check.starts_with("issuer"))) checks.push_back(one.check);
    }
    return checks;
  }

  FakeCluster cluster_;
  UnixTime now_ = FakeCluster::kNow;
  std::string path_;
  DoctorRequest request_;
  Environment environment_;
  BrokerSource source_{.configFile = "", .environment = environment_, .dropIns = {}};
  ProviderSet providers_{builtinProviders()};
  Examination examination_{
      .request = request_, .source = source_, .providers = providers_, .now = [this] { return now_; }};
};

TEST_F(ClusterChecks, PassWhereEverythingIsWell) {
  rules("");
  ask();
  run();
  EXPECT_THAT(bad(), IsEmpty()) << examination_.diagnosis.text({});
  EXPECT_EQ(finding("kubeconfig"), "pass: " + path_ + " logs in with the token in " + path_ + "; ");
  EXPECT_EQ(finding("api-server"), "pass: https://" + cluster_.host() + " takes the kubelet for the node node-1; ");
  EXPECT_EQ(finding("audience-access"), "pass: the node may ask for tokens for the audience registry; ");
  EXPECT_EQ(finding("account-access"), "pass: the node may read the service accounts of its pods; ");
  EXPECT_EQ(finding("service-account"), "pass: the service account team-a/puller exists; ");
  EXPECT_EQ(finding("token"),
            "pass: " + cluster_.issuer() + " issued one for the pod team-a/app, audience registry, valid for 1h0m0s; ");
  EXPECT_THAT(finding("issuer"), HasSubstr("it is a loopback address"));
  EXPECT_THAT(finding("issuer-keys"), HasSubstr("has the key of the cluster's tokens"));
  EXPECT_THAT(finding("exchange"), HasSubstr("pass: the rule in-house answers with the user name "));
  EXPECT_THAT(finding("exchange"), HasSubstr("for " + cluster_.host() + ", cached for 54m0s"));
  EXPECT_EQ(finding("registry"), "pass: the token endpoint at " + cluster_.host() + " takes the credential; ");
  EXPECT_EQ(finding("manifest"), "pass: acme/app:1 of " + cluster_.host() + " may be pulled, sha256:abc; ");
}

TEST_F(ClusterChecks, AreAllAnsweredInTheOrderOfTheTableWhateverIsKnown) {
  std::vector<std::string> table;
  for (const CheckEntry& entry : checkTable()) {
    if (entry.slug == "kubeconfig" || !table.empty()) table.emplace_back(entry.slug);
  }
  rules("");
  for (const bool hasKubelet : {true, false}) {
    if (!hasKubelet) examination_.node.kubelet.reset();
    for (const bool isAsked : {true, false}) {
      ask(isAsked ? "/acme/app:1" : "");
      examination_.diagnosis = {};
      std::vector<std::string> found;
      for (const CheckFinding& one : run()) found.push_back(one.check);
      EXPECT_EQ(found, table);
    }
  }
}

TEST_F(ClusterChecks, PullNoBlobAndChangeNothing) {
  rules("");
  ask();
  run();
  for (const test::ServerRequest& request : cluster_.requests()) {
    const bool review = request.target.find("reviews") != std::string::npos || request.target.ends_with("/token");
    EXPECT_TRUE(request.method == "GET" || request.method == "HEAD" || review) << request.target;
    EXPECT_EQ(request.target.find("/blobs/"), std::string::npos);
    EXPECT_EQ(request.target.find("secrets"), std::string::npos);
  }
  EXPECT_EQ(cluster_.count(FakeCluster::kManifest), 1U);
}

TEST_F(ClusterChecks, WithoutAnImageLookAtNodeAndIssuerOnly) {
  rules("");
  ask("");
  run();
  EXPECT_THAT(bad(), IsEmpty()) << examination_.diagnosis.text({});
  EXPECT_THAT(finding("audience-access"), HasSubstr("pass: "));
  EXPECT_EQ(finding("service-account"), "skip: no --image was given; ");
  EXPECT_EQ(finding("token"), "skip: no --image was given; ");
  EXPECT_THAT(finding("issuer"), HasSubstr("it is a loopback address"));
  for (const char* check : {"exchange", "registry", "manifest"}) {
    EXPECT_EQ(finding(check), "skip: no --image was given; ");
  }
}

// --- kubeconfig ---

TEST_F(ClusterChecks, SayThatAKubeletWithoutKubeconfigHasNoAccounts) {
  examination_.node.kubelet->arguments = {};
  run();
  EXPECT_THAT(finding("kubeconfig"), HasSubstr("fail: the kubelet runs without --kubeconfig"));
  EXPECT_EQ(finding("api-server"), "skip: there is no login; ");
  EXPECT_EQ(finding("audience-access"), "skip: the API server was not reached; ");
}

TEST_F(ClusterChecks, SayThatThereIsNoKubelet) {
  examination_.node.kubelet.reset();
  run();
  EXPECT_EQ(finding("kubeconfig"), "skip: no kubelet was found; ");
}

TEST_F(ClusterChecks, SayThatAKubeletHasNotJoinedYet) {
  examination_.node.kubelet->arguments = {"--kubeconfig=/nowhere/kubelet.conf", "--bootstrap-kubeconfig=/b"};
  run();
  EXPECT_THAT(finding("kubeconfig"), AllOf(HasSubstr("fail: the kubeconfig /nowhere/kubelet.conf cannot be read"),
                                           HasSubstr("when it has joined the cluster")));
}

TEST_F(ClusterChecks, SayWhereTheKubeconfigIsInvalid) {
  cluster_.folder().write("kubelet.conf", "clusters: [");
  run();
  EXPECT_THAT(finding("kubeconfig"),
              AllOf(HasSubstr("fail: the kubeconfig cannot be used: " + path_), HasSubstr("correct the file")));
}

TEST_F(ClusterChecks, SaySinceWhenTheClientCertificateIsExpired) {
  const auto leaf = cluster_.pki().issue("node", {.names = {"node-1"}, .validFromDays = -30, .validUntilDays = -3});
  kubeconfig("client-certificate: " + leaf.certificateFile + ", client-key: " + leaf.keyFile);
  now_ = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  run();
  EXPECT_THAT(finding("kubeconfig"), AllOf(HasSubstr("fail: the client certificate in " + leaf.certificateFile),
                                           HasSubstr("expired 3 days ago, at "), HasSubstr("restart the kubelet")));
}

TEST_F(ClusterChecks, SayThatTheClientCertificateIsNotValidYetOrWasNotRenewed) {
  const auto today = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto leaf = cluster_.pki().issue("node", {.names = {"node-1"}, .validFromDays = -30, .validUntilDays = 1});
  kubeconfig("client-certificate: " + leaf.certificateFile + ", client-key: " + leaf.keyFile);
  now_ = today;
  run();
  EXPECT_THAT(finding("kubeconfig"), HasSubstr("and was not renewed"));
  EXPECT_TRUE(examination_.diagnosis.has("kubeconfig", Verdict::kWarn));
  examination_.diagnosis = {};
  now_ = today - std::chrono::hours(24 * 60);
  run();
  EXPECT_THAT(finding("kubeconfig"), AllOf(HasSubstr("fail: "), HasSubstr("is not valid before"), HasSubstr("clock")));
}

TEST_F(ClusterChecks, SayThatTheClientCertificateIsNone) {
  cluster_.folder().write("node.pem", "canary", 0600);
  kubeconfig("client-certificate: node.pem, client-key: node.pem");
  run();
  EXPECT_THAT(finding("kubeconfig"), HasSubstr("is not a certificate in PEM format"));
}

// --- api-server ---

TEST_F(ClusterChecks, SayThatTheApiServerCannotBeReached) {
  kubeconfig("token: canary-kubeconfig-token", "https://127.0.0.1:1");
  run();
  EXPECT_THAT(finding("api-server"), HasSubstr("code=connect-failed"));
  EXPECT_THAT(bad(), testing::ElementsAre("api-server"));
}

TEST_F(ClusterChecks, SayThatTheApiServerDoesNotKnowTheLogin) {
  cluster_.reply(FakeCluster::kWho, {401, {}, R"({"message":"Unauthorized"})"});
  run();
  EXPECT_THAT(finding("api-server"), AllOf(HasSubstr("fail: "), HasSubstr("Unauthorized"), HasSubstr("status=401"),
                                           HasSubstr("join the node to the cluster again")));
  EXPECT_THAT(bad(), testing::ElementsAre("api-server"));
}

TEST_F(ClusterChecks, SayThatTheKubeletIsNoNode) {
  rules("");
  ask();
  cluster_.reply(FakeCluster::kWho, {201, {}, R"({"status":{"userInfo":{"username":"kubelet","groups":["x"]}}})"});
  run();
  EXPECT_THAT(finding("api-server"), HasSubstr("takes the kubelet for kubelet, which is not a node"));
  EXPECT_EQ(cluster_.count(FakeCluster::kPods), 0U);
}

TEST_F(ClusterChecks, AreHappyWithAnApiServerOlderThanItsReview) {
  cluster_.reply(FakeCluster::kWho, {404, {}, R"({"message":"the server could not find the requested resource"})"});
  run();
  EXPECT_EQ(finding("api-server"), "pass: https://" + cluster_.host() + " answers; ");
}

TEST_F(ClusterChecks, SayThatTheNodeMayNotListItsPods) {
  cluster_.reply(FakeCluster::kPods, {403, {}, R"({"message":"pods is forbidden"})"});
  run();
  EXPECT_TRUE(examination_.diagnosis.has("api-server", Verdict::kWarn));
}

// --- access ---

TEST_F(ClusterChecks, SayWhichAccessIsMissingAndWhatGrantsIt) {
  rules("");
  ask();
  cluster_.reply(FakeCluster::kReview, {201, {}, R"({"status":{"allowed":false}})"});
  run();
  EXPECT_THAT(
      finding("audience-access"),
      AllOf(HasSubstr("fail: the node may not ask for tokens for the audience registry"), HasSubstr("render rbac")));
  EXPECT_THAT(finding("account-access"),
              AllOf(HasSubstr("fail: the node may not read the service account team-a/puller of its pod app"),
                    HasSubstr("render rbac")));
  EXPECT_EQ(finding("token"), "skip: the node may not ask for one; ");
  EXPECT_EQ(cluster_.count(FakeCluster::kTokenRequest), 0U);
  EXPECT_THAT(bad(), testing::ElementsAre("audience-access", "account-access"));
}

TEST_F(ClusterChecks, SayWhyTheApiServerRefusesAToken) {
  rules("");
  ask();
  cluster_.reply(FakeCluster::kTokenRequest, {403, {}, R"({"message":"pod \"app\" is not bound to this node"})"});
  run();
  EXPECT_THAT(finding("token"), HasSubstr("fail: the API server refused a token for the pod team-a/app: pod \"app\" is "
                                          "not bound to this node"));
  EXPECT_THAT(bad(), testing::ElementsAre("token"));
}

TEST_F(ClusterChecks, ExchangeNothingIfARuleNeedsAnnotationsThatMayNotBeRead) {
  rules("passthrough", "  audience: registry\n  annotations:\n    example.com/user: {setting: username, oneOf: [a]}\n");
  ask();
  cluster_.reply(FakeCluster::kAccount, {403, {}, R"({"message":"forbidden"})"});
  run();
  EXPECT_EQ(finding("exchange"), "skip: the rule takes annotations of the service account, which could not be read; ");
}

TEST_F(ClusterChecks, PassOnTheAnnotationsThatTheRuleBinds) {
  rules("passthrough",
        "  audience: registry\n  annotations:\n    example.com/user: {setting: username, oneOf: [bot]}\n");
  ask();
  cluster_.reply(FakeCluster::kAccount,
                 {200, {}, R"({"metadata":{"annotations":{"example.com/user":"bot","example.com/x":"y"}}})"});
  run();
  EXPECT_EQ(finding("annotations"), "pass: example.com/user sets username; ");
  EXPECT_THAT(finding("exchange"), HasSubstr("answers with the user name bot for"));
}

TEST_F(ClusterChecks, AskForTheAccountInQuestion) {
  rules("");
  ask();
  run();
  std::string reviews;
  for (const auto& request : cluster_.requests()) reviews += request.body;
  EXPECT_THAT(reviews, HasSubstr(R"("verb":"request-serviceaccounts-token-audience","resource":"registry",)"
                                 R"("namespace":"team-a","name":"puller")"));
  EXPECT_THAT(reviews, HasSubstr(R"("verb":"get","resource":"serviceaccounts","namespace":"team-a","name":"puller")"));
}

TEST_F(ClusterChecks, DoNotBlameANodeThatMayNotReadAccountsOfOtherNodes) {
  rules("");
  ask();
  cluster_.reply(FakeCluster::kPods, {200, {}, R"({"items":[]})"});
  cluster_.reply(FakeCluster::kReview, {201, {}, R"({"status":{"allowed":false}})"});
  run();
  EXPECT_THAT(finding("account-access"), HasSubstr("skip: no pod of the account is on this node"));
}

TEST_F(ClusterChecks, NeedNoAccessForARuleWithoutIdentity) {
  cluster_.folder().write("password", "canary-password-canary", 0600);
  rules("static-token",
        "  identity: none\n  settings: {username: pull, passwordFile: " + cluster_.folder().path() + "/password}\n");
  ask();
  cluster_.reply(FakeCluster::kReview, {201, {}, R"({"status":{"allowed":false}})"});
  run();
  EXPECT_THAT(bad(), IsEmpty()) << examination_.diagnosis.text({});
  EXPECT_EQ(finding("audience-access"), "skip: no rule in question needs a token; ");
  EXPECT_THAT(finding("exchange"), HasSubstr("with the user name pull for"));
  EXPECT_THAT(finding("manifest"), HasSubstr("pass: "));
}

// --- service account and annotations ---

TEST_F(ClusterChecks, SayThatTheAccountDoesNotExist) {
  rules("");
  ask();
  cluster_.reply(FakeCluster::kAccount, {404, {}, R"({"message":"not found"})"});
  run();
  EXPECT_THAT(finding("service-account"), AllOf(HasSubstr("fail: the service account team-a/puller does not exist"),
                                                HasSubstr("--service-account")));
}

TEST_F(ClusterChecks, SayThatTheAccountMayNotBeReadOrTheAnswerIsAFailure) {
  rules("");
  ask();
  cluster_.reply(FakeCluster::kAccount, {403, {}, R"({"message":"forbidden"})"});
  run();
  EXPECT_THAT(finding("service-account"), HasSubstr("skip: the node may not read"));
  examination_.diagnosis = {};
  cluster_.reply(FakeCluster::kAccount, {400, {}, "canary"});
  run();
  EXPECT_THAT(finding("service-account"), AllOf(HasSubstr("fail: "), HasSubstr("code=cluster-refused")));
}

TEST_F(ClusterChecks, SayWhichAnnotationTheKubeletWantsAndTheAccountLacks) {
  rules("");
  entry({"example.com/team", "example.com/tenant"});
  ask();
  run();
  EXPECT_THAT(finding("annotations"),
              AllOf(HasSubstr("fail: the service account team-a/puller lacks the annotation example.com/tenant"),
                    HasSubstr("annotate the service account")));
}

// --- token ---

TEST_F(ClusterChecks, SayThatANodeGetsTokensForItsOwnPodsOnly) {
  rules("");
  ask();
  cluster_.reply(FakeCluster::kPods, {200,
                                      {},
                                      R"({"items":[{"metadata":{"namespace":"team-b","name":"x","uid":"u"},)"
                                      R"("spec":{"serviceAccountName":"puller"}}]})"});
  cluster_.reply("POST /api/v1/namespaces/team-b/serviceaccounts/puller/token",
                 {201, {}, R"({"status":{"token":")" + cluster_.token() + R"("}})"});
  run();
  EXPECT_THAT(finding("token"), HasSubstr("skip: no pod of team-a/puller is on this node"));
  EXPECT_EQ(finding("exchange"), "skip: there is no token to exchange; ");
  EXPECT_THAT(finding("registry"), HasSubstr("sends its clients to the token endpoint"));
  EXPECT_EQ(finding("manifest"), "skip: there is no credential to ask with; ");
  EXPECT_THAT(finding("issuer"), HasSubstr("it is a loopback address")) << "by the token of another pod";
}

TEST_F(ClusterChecks, TakeNoPodThatIsStaticOrOver) {
  rules("");
  ask();
  cluster_.reply(FakeCluster::kPods,
                 {200,
                  {},
                  R"({"items":[{"metadata":{"namespace":"team-a","name":"a","uid":"u",)"
                  R"("annotations":{"kubernetes.io/config.mirror":"x"}},"spec":{"serviceAccountName":"puller"}},)"
                  R"({"metadata":{"namespace":"team-a","name":"b","uid":"v"},"spec":{"serviceAccountName":"puller"},)"
                  R"("status":{"phase":"Failed"}}]})"});
  run();
  EXPECT_THAT(finding("token"), HasSubstr("skip: no pod of team-a/puller is on this node"));
  EXPECT_EQ(finding("issuer"), "skip: there is no token that would name the issuer; ");
  EXPECT_EQ(finding("issuer-keys"), "skip: there is no token that would name the issuer; ");
}

TEST_F(ClusterChecks, SayWhatIsWrongWithAToken) {
  rules("");
  ask();
  const std::string exp = std::to_string(FakeCluster::kNow.time_since_epoch().count() + 3600);
  const std::string past = std::to_string(FakeCluster::kNow.time_since_epoch().count() - 1);
  const std::string puller = R"("sub":"system:serviceaccount:team-a:puller")";
  for (const auto& [claims, what] : std::vector<std::pair<std::string, std::string>>{
           {R"({"aud":"x","exp":)" + exp + "," + puller + "}", "that is not for the audience registry"},
           {R"({"aud":"registry","exp":)" + exp + R"(,"sub":"system:serviceaccount:team-a:x"})", "of another service"},
           {R"({"aud":"registry",)" + puller + "}", "that never expires"},
           {R"({"aud":"registry","exp":)" + past + "," + puller + "}", "has expired by this node's clock"}}) {
    cluster_.issue(cluster_.token(claims));
    examination_.diagnosis = {};
    run();
    EXPECT_THAT(finding("token"), AllOf(HasSubstr("fail: "), HasSubstr(what)));
  }
  for (const char* token : {"", "canary", "canary.canary.canary"}) {
    cluster_.issue(token);
    examination_.diagnosis = {};
    run();
    EXPECT_THAT(finding("token"), HasSubstr("fail: ")) << token;
  }
}

// --- exchange ---

TEST_F(ClusterChecks, SayWhyARuleRefusesTheAccount) {
  rules("  allow:\n  - {namespace: team-z}\n");
  ask();
  run();
  EXPECT_THAT(
      finding("exchange"),
      AllOf(HasSubstr("fail: "), HasSubstr("code=not-allowed, serviceAccount=team-a/puller, provider=in-house")));
  EXPECT_EQ(finding("manifest"), "skip: there is no credential to ask with; ");
  EXPECT_THAT(bad(), testing::ElementsAre("exchange"));
}

TEST_F(ClusterChecks, SayThatNoRuleAnswers) {
  rules("");
  ask();
  request_.image = "127.0.0.1:1/app";
  run();
  EXPECT_EQ(finding("exchange"), "skip: no rule answers for the image; ");
  EXPECT_EQ(finding("token"), "skip: no rule for the image, or one that needs no token; ");
}

TEST_F(ClusterChecks, SayThatThereIsNoBrokerFile) {
  examination_.node.broker.reset();
  ask();
  run();
  EXPECT_EQ(finding("exchange"), "skip: there is no broker file; ");
}

}  // namespace
}  // namespace rcb
