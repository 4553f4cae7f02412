#include "core/doctor/pull_secrets.hpp"

#include "core/broker/load_broker.hpp"
#include "core/support/error.hpp"
#include "core/support/json.hpp"
#include "providers/builtin.hpp"
#include "tests/core/doctor/fake_cluster.hpp"
#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::FakeCluster;
using test::throwsError;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr UnixTime kNow{std::chrono::seconds(1'800'000'000)};

constexpr std::string_view kRules = R"(apiVersion: registry-credential-broker/v1alpha1
kind: BrokerConfig
providers:
- name: in-house
  module: passthrough
  matchImages: ["registry.test"]
  audience: registry
  allow:
  - {namespace: "team-*"}
- name: chosen
  module: token-exchange
  matchImages: ["chosen.test"]
  audience: chosen
  settings: {url: "https://login.test/token"}
  annotations:
    example.com/user: {setting: username, oneOf: [a, b]}
- name: everywhere
  module: static-token
  matchImages: ["node.test"]
  identity: none
  settings: {username: pull, passwordFile: /nowhere/canary-password}
)";

class PullSecrets : public testing::Test {
 protected:
  PullSecrets() {
    LoadedBroker loaded = readBroker(Secret(kRules), "broker.yaml", source_, providers_);
    for (const Problem& problem : loaded.problems) ADD_FAILURE() << problem.line("broker.yaml");
    broker_ = std::move(loaded.broker);
  }
  Pod& pod(const std::vector<std::string>& images, const std::string& namespaceName = "team-a") {
    Pod one;
    one.namespaceName = namespaceName;
    one.name = "app-" + std::to_string(pods_.size());
    one.serviceAccount = "puller";
    one.owner = "Deployment/app";
    one.images = images;
    one.pullSecrets = {"regcred"};
    pods_.push_back(one);
    return pods_.back();
  }
  std::vector<PodsWithSecrets> judge() {
    return judgePullSecrets(pods_, accounts_, broker_, providers_, environment_, kNow);
  }
  // Why the only image of the only pod has no rule.
  std::string why() {
    const auto found = judge();
    EXPECT_EQ(found.size(), 1U);
    return found.empty() || found[0].images.empty() ? "nothing" : found[0].images[0].why;
  }

  Environment environment_;
  BrokerSource source_{.configFile = "", .environment = environment_, .dropIns = {}};
  ProviderSet providers_{builtinProviders()};
  Broker broker_;
  std::vector<Pod> pods_;
  Accounts accounts_;
};

TEST_F(PullSecrets, AreNoLongerNeededIfARuleAnswersForEveryImage) {
  pod({"registry.test/app:1", "node.test/sidecar@sha256:" + std::string(64, 'a')});
  const auto found = judge();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].canDoWithout());
  EXPECT_EQ(found[0].owner, "Deployment/app");
  ASSERT_EQ(found[0].secrets.size(), 1U);
  EXPECT_EQ(found[0].secrets[0].name, "regcred");
  EXPECT_FALSE(found[0].secrets[0].ofAccount);
}

TEST_F(PullSecrets, AreStillNeededIfAnImageHasNoRule) {
  pod({"registry.test/app:1", "redis"});
  const auto found = judge();
  EXPECT_FALSE(found.at(0).canDoWithout());
  EXPECT_EQ(found[0].images[0].why, "");
  EXPECT_EQ(found[0].images[1].why, "no rule");
}

TEST_F(PullSecrets, AreStillNeededIfTheRuleDoesNotAllowTheAccount) {
  pod({"registry.test/app:1"}, "other");
  EXPECT_THAT(why(), HasSubstr("not"));
  EXPECT_FALSE(judge().at(0).canDoWithout());
}

TEST_F(PullSecrets, AreStillNeededByAStaticPodWhoseRuleNeedsAnAccount) {
  pod({"registry.test/app:1"}).isStatic = true;
  EXPECT_EQ(why(), "the rule in-house needs a service account, and a static pod has none");
  pods_.clear();
  pod({"node.test/app:1"}).isStatic = true;
  EXPECT_EQ(why(), "");
}

TEST_F(PullSecrets, AreStillNeededIfAnAnnotationIsRefused) {
  pod({"chosen.test/app:1"});
  accounts_[{"team-a", "puller"}].annotations = {{"example.com/user", "b"}};
  EXPECT_EQ(why(), "");
  accounts_[{"team-a", "puller"}].annotations = {{"example.com/user", "z"}};
  EXPECT_THAT(why(), HasSubstr("code=annotation-refused"));
}

TEST_F(PullSecrets, AreStillNeededForAnImageWithAnInvalidName) {
  pod({"registry.test/App:1"});
  EXPECT_THAT(why(), HasSubstr("not"));
  EXPECT_FALSE(judge().at(0).canDoWithout());
}

TEST_F(PullSecrets, OfAPodWithoutImagesAreNotCalledSuperfluous) {
  pod({});
  EXPECT_FALSE(judge().at(0).canDoWithout());
}

TEST_F(PullSecrets, OfPodsThatHaveNoneOrAreOverAreNotReported) {
  pod({"registry.test/app:1"}).pullSecrets.clear();
  pod({"registry.test/app:1"}).isOver = true;
  EXPECT_THAT(judge(), IsEmpty());
}

TEST_F(PullSecrets, OfTheSameOwnerAreOneLine) {
  pod({"registry.test/app:1"});
  pod({"registry.test/app:1"}, "team-b");
  pod({"registry.test/app:1"});
  pod({"registry.test/app:2"});
  const auto found = judge();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].pods, 2);
  EXPECT_EQ(found[1].pods, 1);
  EXPECT_EQ(found[2].namespaceName, "team-b");
}

TEST_F(PullSecrets, SayIfTheAccountHasThemToo) {
  pod({"registry.test/app:1"}).pullSecrets = {"regcred", "own"};
  accounts_[{"team-a", "puller"}].pullSecrets = {"regcred"};
  const auto found = judge();
  EXPECT_TRUE(found.at(0).secrets.at(0).ofAccount);
  EXPECT_FALSE(found.at(0).secrets.at(1).ofAccount);
}

TEST_F(PullSecrets, AreATableWithTheReasonsBelow) {
  pod({"registry.test/app:1", "redis"});
  pod({"registry.test/app:1"}, "team-b").owner.clear();
  const PullSecretReport report{"the cluster", 7, judge(), {"something"}};
  EXPECT_EQ(report.text({}),
            "NAMESPACE  OWNER           ACCOUNT  PULL SECRETS  IMAGES WITH A RULE  VERDICT\n"
            "team-a     Deployment/app  puller   regcred       1 of 2              still needed\n"
            "team-b     Pod/app-1       puller   regcred       1 of 1              no longer needed\n"
            "team-a/Deployment/app: redis: no rule\n"
            "note: something\n"
            "the cluster: 1 of 2 with pull secrets no longer need them; 7 pods were read, no Secret was\n");
  EXPECT_EQ((PullSecretReport{"the node a", 3, {}, {}}).text({}),
            "the node a: 0 of 0 with pull secrets no longer need them; 3 pods were read, no Secret was\n");
}

TEST_F(PullSecrets, AreJsonForPrograms) {
  pod({"registry.test/app:1", "redis"});
  const std::string text = PullSecretReport{"the cluster", 1, judge(), {}}.json();
  const auto parsed = parseJson(text);
  const Json& json = std::get<Json>(parsed);
  EXPECT_EQ(*json.at("/scope")->string(), "the cluster");
  EXPECT_EQ(*json.at("/found/0/owner")->string(), "Deployment/app");
  EXPECT_EQ(*json.at("/found/0/pullSecrets/0/name")->string(), "regcred");
  EXPECT_TRUE(*json.at("/found/0/needed")->boolean());
  EXPECT_TRUE(*json.at("/found/0/images/0/answered")->boolean());
  EXPECT_EQ(*json.at("/found/0/images/1/why")->string(), "no rule");
}

TEST_F(PullSecrets, KeepHostileNamesOnOneLine) {
  pod({"registry.test/a\nb\x1b[31m"}).owner = "Pod/\x1b[31m\n";
  const PullSecretReport report{"the cluster", 1, judge(), {}};
  EXPECT_THAT(report.text({}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(report.json(), Not(HasSubstr("\x1b")));
}

// Over the network, with an administrator's kubeconfig.
class PullSecretsOfCluster : public testing::Test {
 protected:
  PullSecretsOfCluster() {
    source_.configFile = cluster_.folder().write("broker.yaml", kRules);
    cluster_.reply(FakeCluster::kWho, {201, {}, R"({"status":{"userInfo":{"username":"admin"}}})"});
    cluster_.reply(FakeCluster::kPods, {200,
                                        {},
                                        R"({"items":[{"metadata":{"namespace":"team-a","name":"app"},"spec":{)"
                                        R"("serviceAccountName":"puller","imagePullSecrets":[{"name":"regcred"}],)"
                                        R"("containers":[{"image":"registry.test/app:1"}]}}]})"});
    cluster_.reply(FakeCluster::kAccount, {200, {}, R"({"imagePullSecrets":[{"name":"regcred"}]})"});
    path_ = cluster_.folder().write(
        "admin.kubeconfig",
        "current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\nclusters: [{name: a, cluster: "
        "{server: 'https://" +
            cluster_.host() + "', certificate-authority: " + cluster_.caFile() +
            "}}]\nusers: [{name: a, user: {token: canary-canary-canary-canary}}]\n",
        0600);
  }
  PullSecretReport find() { return findPullSecrets(path_, source_, providers_, kNow); }

  FakeCluster cluster_;
  std::string path_;
  Environment environment_;
  BrokerSource source_{.configFile = "", .environment = environment_, .dropIns = {}};
  ProviderSet providers_{builtinProviders()};
};

TEST_F(PullSecretsOfCluster, AreFoundWithoutReadingASecret) {
  const PullSecretReport report = find();
  EXPECT_EQ(report.scope, "the cluster");
  ASSERT_EQ(report.found.size(), 1U);
  EXPECT_TRUE(report.found[0].canDoWithout());
  EXPECT_TRUE(report.found[0].secrets[0].ofAccount);
  for (const auto& request : cluster_.requests()) {
    EXPECT_TRUE(request.method == "GET" || request.target.ends_with("selfsubjectreviews")) << request.target;
    EXPECT_EQ(request.target.find("/secrets"), std::string::npos);
  }
}

TEST_F(PullSecretsOfCluster, AreThoseOfTheNodeIfThatIsWhoAsks) {
  cluster_.reply(FakeCluster::kWho, {201, {}, R"({"status":{"userInfo":{"username":"system:node:node-1"}}})"});
  EXPECT_EQ(find().scope, "the node node-1");
  EXPECT_EQ(cluster_.count("GET /api/v1/pods?limit=25&fieldSelector=spec.nodeName%3Dnode-1"), 1U);
}

TEST_F(PullSecretsOfCluster, AreReportedWithoutAccountsThatMayNotBeRead) {
  cluster_.reply(FakeCluster::kAccount, {403, {}, R"({"message":"serviceaccounts is forbidden"})"});
  const PullSecretReport report = find();
  EXPECT_TRUE(report.found.at(0).canDoWithout());
  EXPECT_FALSE(report.found[0].secrets[0].ofAccount);
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_THAT(report.notes[0], HasSubstr("serviceaccounts is forbidden"));
}

TEST_F(PullSecretsOfCluster, CannotBeFoundWithoutAccessToPods) {
  cluster_.reply(FakeCluster::kPods, {403, {}, R"({"message":"pods is forbidden"})"});
  EXPECT_THAT([this] { find(); }, throwsError(ErrorCode::kClusterRefused, "pods is forbidden"));
}

TEST_F(PullSecretsOfCluster, CannotBeFoundWithoutKubeconfigOrBrokerFile) {
  path_ = "/nowhere/kubeconfig";
  EXPECT_THAT([this] { find(); }, throwsError(ErrorCode::kFileUnreadable, "/nowhere/kubeconfig"));
  source_.configFile = "/nowhere/broker.yaml";
  EXPECT_THAT([this] { find(); }, throwsError(ErrorCode::kFileUnreadable, "/nowhere/broker.yaml"));
}

}  // namespace
}  // namespace rcb
