#include "core/cluster/kubeconfig.hpp"

#include "core/settings/yaml_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

constexpr std::string_view kUsual = R"(apiVersion: v1
kind: Config
clusters:
- name: here
  cluster:
    certificate-authority-data: Q0E=
    server: https://192.0.2.10:6443
contexts:
- name: other@there
  context: {cluster: there, user: other}
- name: node@here
  context:
    cluster: here
    user: node
current-context: node@here
preferences: {}
users:
- name: other
  user: {username: admin, password: canary}
- name: node
  user:
    client-certificate: /var/lib/kubelet/pki/kubelet-client-current.pem
    client-key: /var/lib/kubelet/pki/kubelet-client-current.pem
)";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

Kubeconfig readConfig(const std::string& text) {
  ProblemList problems;
  auto config = parseKubeconfig(text, problems);
  for (const Problem& problem : problems.take()) ADD_FAILURE() << problem.line("kubeconfig");
  return config ? std::move(*config) : Kubeconfig();
}

// The first problem.
std::string problemOf(const std::string& text) {
  ProblemList problems;
  EXPECT_FALSE(parseKubeconfig(text, problems));
  const auto all = problems.take();
  return all.empty() ? "none" : all.front().line("kubeconfig");
}

TEST(Kubeconfig, GivesClusterAndUserOfTheCurrentContext) {
  const Kubeconfig config = readConfig(std::string(kUsual));
  EXPECT_EQ(config.context, "node@here");
  EXPECT_EQ(config.server, "https://192.0.2.10:6443");
  EXPECT_EQ(config.authorities.data.reveal(), "CA");
  EXPECT_EQ(config.user, "node");
  EXPECT_EQ(config.clientCertificate.file, "/var/lib/kubelet/pki/kubelet-client-current.pem");
  EXPECT_EQ(config.clientKey.file, "/var/lib/kubelet/pki/kubelet-client-current.pem");
  EXPECT_TRUE(config.unsupported.empty());
  EXPECT_FALSE(config.exec);
}

TEST(Kubeconfig, MayBeJson) {
  const Kubeconfig config =
      readConfig(R"({"apiVersion":"v1","kind":"Config","current-context":"a","clusters":[{"name":"c","cluster":)"
                 R"({"server":"https://api.test","insecure-skip-tls-verify":true,"tls-server-name":"kubernetes",)"
                 R"("proxy-url":"http://proxy.test:3128","certificate-authority":"ca.pem"}}],)"
                 R"("contexts":[{"name":"a","context":{"cluster":"c","user":"u"}}],)"
                 R"("users":[{"name":"u","user":{"token":"canary","tokenFile":"/run/token"}}]})");
  EXPECT_EQ(config.server, "https://api.test");
  EXPECT_TRUE(config.skipsVerification);
  EXPECT_EQ(config.serverName, "kubernetes");
  EXPECT_EQ(config.proxy, "http://proxy.test:3128");
  EXPECT_EQ(config.authorities.file, "ca.pem");
  EXPECT_EQ(config.token.reveal(), "canary");
  EXPECT_EQ(config.tokenFile, "/run/token");
}

TEST(Kubeconfig, MayHaveAnExecPlugin) {
  const Kubeconfig config =
      readConfig(replaced(std::string(kUsual),
                          R"(    client-certificate: /var/lib/kubelet/pki/kubelet-client-current.pem
    client-key: /var/lib/kubelet/pki/kubelet-client-current.pem
)",
                          R"(    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: aws
      args: [eks, get-token, --cluster-name, one]
      env:
      - name: AWS_STS_REGIONAL_ENDPOINTS
        value: regional
      interactiveMode: IfAvailable
      provideClusterInfo: true
)"));
  ASSERT_TRUE(config.exec);
  EXPECT_EQ(config.exec->apiVersion, "client.authentication.k8s.io/v1beta1");
  EXPECT_EQ(config.exec->command, "aws");
  EXPECT_THAT(config.exec->arguments, testing::ElementsAre("eks", "get-token", "--cluster-name", "one"));
  EXPECT_THAT(config.exec->environment, testing::ElementsAre(Pair("AWS_STS_REGIONAL_ENDPOINTS", "regional")));
  EXPECT_TRUE(config.exec->needsCluster);
}

TEST(Kubeconfig, TakesCertificatesLongerThanOtherYamlValues) {
  const std::string data(40'000, 'Q');
  const Kubeconfig config = readConfig(replaced(std::string(kUsual), "Q0E=", data));
  EXPECT_EQ(config.authorities.data.size(), data.size() / 4 * 3);
}

TEST(Kubeconfig, NamesALogInThatIsNotSupported) {
  const std::string certificate =
      "    client-certificate: /var/lib/kubelet/pki/kubelet-client-current.pem\n"
      "    client-key: /var/lib/kubelet/pki/kubelet-client-current.pem\n";
  EXPECT_EQ(readConfig(replaced(std::string(kUsual), certificate, "    auth-provider: {name: gcp}\n")).unsupported,
            "auth-provider");
  EXPECT_EQ(
      readConfig(replaced(std::string(kUsual), certificate, "    username: admin\n    password: canary\n")).unsupported,
      "username");
}

TEST(Kubeconfig, WithoutContextOrWithAnUnknownOneIsRefused) {
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), "current-context: node@here\n", "")),
              HasSubstr("current-context: is not set"));
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), "current-context: node@here", "current-context: \"\"")),
              HasSubstr("current-context: is not set"));
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), "current-context: node@here", "current-context: [node]")),
              HasSubstr("current-context: expected a string; found a list"));
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), "current-context: node@here", "current-context: lost")),
              HasSubstr("contexts: there is none with the name \"lost\""));
}

TEST(Kubeconfig, WhoseContextNamesNothingIsRefused) {
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), "    cluster: here\n", "    cluster: lost\n")),
              HasSubstr("clusters: there is none with the name \"lost\""));
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), "    user: node\n", "    user: lost\n")),
              HasSubstr("users: there is none with the name \"lost\""));
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), "  context:\n    cluster: here\n    user: node\n", "")),
              HasSubstr("the current context is empty"));
}

TEST(Kubeconfig, WithoutServerIsRefused) {
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), "    server: https://192.0.2.10:6443\n", "")),
              HasSubstr("clusters[0].cluster.server: is missing"));
  EXPECT_THAT(problemOf("current-context: a\nclusters: [{name: a}]\n"
                        "contexts: [{name: a, context: {cluster: a}}]\n"),
              HasSubstr("clusters[0].cluster.server: is missing"));
}

TEST(Kubeconfig, WithWrongTypesIsRefusedWithThePlace) {
  EXPECT_THAT(problemOf("[]"), HasSubstr("expected a kubeconfig, which is a map; found a list"));
  EXPECT_THAT(problemOf("current-context: a\ncontexts: {}\n"), HasSubstr("2:11: contexts: expected a list"));
  EXPECT_THAT(problemOf("current-context: a\ncontexts: [{name: a, context: 1}]\n"),
              HasSubstr("contexts[0].context: expected a map; found a string"));
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), "    server: https://192.0.2.10:6443",
                                 "    server: https://192.0.2.10:6443\n    insecure-skip-tls-verify: maybe")),
              HasSubstr("insecure-skip-tls-verify: expected true or false"));
}

TEST(Kubeconfig, WithInvalidBase64IsRefusedWithoutQuotingIt) {
  const std::string problem = problemOf(replaced(std::string(kUsual), "    client-key: /var",
                                                 "    client-key-data: canary_canary!\n    client-key: /var"));
  EXPECT_THAT(problem, HasSubstr("users[1].user.client-key-data: is not valid base64"));
  EXPECT_THAT(problem, Not(HasSubstr("canary")));
}

TEST(Kubeconfig, WithACertificateAndNoKeyIsRefused) {
  EXPECT_THAT(
      problemOf(replaced(std::string(kUsual), "    client-key: /var/lib/kubelet/pki/kubelet-client-current.pem\n", "")),
      HasSubstr("client-certificate and client-key must be set together"));
}

TEST(Kubeconfig, WithAnIncompleteExecPluginIsRefused) {
  const std::string key = "    client-key: /var/lib/kubelet/pki/kubelet-client-current.pem\n";
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), key, key + "    exec: {args: [a]}\n")),
              HasSubstr("users[1].user.exec.command: is missing"));
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), key, key + "    exec: {command: a, args: [[b]]}\n")),
              HasSubstr("users[1].user.exec.args: expected strings; found a list"));
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), key, key + "    exec: {command: a, env: [{value: b}]}\n")),
              HasSubstr("expected a list of maps with name and value"));
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), key, key + "    exec: {command: a, env: [{name: A=B}]}\n")),
              HasSubstr("expected a list of maps with name and value"));
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), key, key + "    exec: aws\n")),
              HasSubstr("users[1].user.exec: expected a map; found a string"));
}

TEST(Kubeconfig, OfHostileSizeOrShapeIsRefused) {
  EXPECT_THAT(problemOf(std::string(kKubeconfigBytes + 1, ' ')), HasSubstr("the file is larger than 1 MiB"));
  EXPECT_THAT(problemOf(std::string(10'000, '[')), Not(IsEmpty()));
  EXPECT_THAT(problemOf(""), HasSubstr("the file is empty"));
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), "Q0E=", std::string(kYamlFileBytes + 4, 'Q'))),
              HasSubstr("is longer than 65536 bytes"));
  EXPECT_THAT(problemOf(replaced(std::string(kUsual), "kind: Config", "kind: &a Config")), HasSubstr("anchors (&)"));
}

TEST(Kubeconfig, NeverQuotesAValueOfTheUserInAProblem) {
  for (const char* user : {"{token: [canary]}", "{tokenFile: {canary: 1}}", "{exec: [canary]}", "[canary]", "canary"}) {
    const std::string text =
        "current-context: a\nclusters: [{name: a, cluster: {server: s}}]\n"
        "contexts: [{name: a, context: {cluster: a, user: a}}]\nusers: [{name: a, user: " +
        std::string(user) + "}]\n";
    EXPECT_THAT(problemOf(text), Not(HasSubstr("canary"))) << user;
  }
}

}  // namespace
}  // namespace rcb
