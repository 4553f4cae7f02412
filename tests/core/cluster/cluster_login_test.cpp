#include "core/cluster/cluster_login.hpp"

#include "tests/support/error_matchers.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace rcb {
namespace {

using namespace std::chrono_literals;
using test::TempFolder;
using test::throwsError;
using testing::HasSubstr;
using testing::Not;

class ClusterLoginTest : public testing::Test {
 protected:
  // A kubeconfig with these members of its cluster and its user.
  std::string write(const std::string& cluster, const std::string& user, mode_t mode = 0600) {
    return folder_.write("kubeconfig",
                         "current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\n"
                         "clusters: [{name: a, cluster: {" +
                             cluster + "}}]\nusers: [{name: a, user: {" + user + "}}]\n",
                         mode);
  }
  ClusterLogin login(const std::string& path, const std::string& root = {}) {
    return logIn(openKubeconfig(path, root), path, root, Deadline::after(20s));
  }
  ClusterLogin login(const std::string& cluster, const std::string& user, mode_t mode) {
    return login(write(cluster, user, mode));
  }
  Error failure(const std::string& cluster, const std::string& user, mode_t mode = 0600) {
    try {
      login(cluster, user, mode);
    } catch (const Error& error) {
      EXPECT_THAT(error.line(), Not(HasSubstr("canary")));
      return error;
    }
    return Error(ErrorCode::kUsage, "none");
  }

  TempFolder folder_;
  static constexpr const char* kServer = "server: 'https://api.test:6443/'";
  static constexpr const char* kToken = "token: canary-canary";
};

TEST_F(ClusterLoginTest, ReadsFilesBesideTheKubeconfig) {
  folder_.write("pki/ca.pem", "authorities");
  folder_.write("node.pem", "certificate and key", 0600);
  const ClusterLogin read = login(std::string(kServer) + ", certificate-authority: pki/ca.pem",
                                  "client-certificate: node.pem, client-key: node.pem", 0600);
  EXPECT_EQ(read.server, "https://api.test:6443");
  EXPECT_EQ(read.tls->authorities.reveal(), "authorities");
  EXPECT_EQ(read.tls->clientCertificate.reveal(), "certificate and key");
  EXPECT_EQ(read.tls->clientKey.reveal(), "certificate and key");
  EXPECT_TRUE(read.token.empty());
  EXPECT_EQ(read.how, "the client certificate in " + folder_.path() + "/node.pem");
}

TEST_F(ClusterLoginTest, TakesDataBeforeFiles) {
  const ClusterLogin read =
      login(std::string(kServer) + ", certificate-authority: /nowhere, certificate-authority-data: Q0E=",
            "client-certificate: /nowhere, client-certificate-data: Y2VydA==, client-key-data: a2V5", 0600);
  EXPECT_EQ(read.tls->authorities.reveal(), "CA");
  EXPECT_EQ(read.tls->clientCertificate.reveal(), "cert");
  EXPECT_EQ(read.tls->clientKey.reveal(), "key");
  EXPECT_EQ(read.how, "the client certificate in " + folder_.path() + "/kubeconfig");
}

TEST_F(ClusterLoginTest, ReadsATokenWithoutItsLineEnd) {
  folder_.write("token", "canary-canary\n", 0600);
  EXPECT_EQ(login(kServer, "tokenFile: token", 0600).token.reveal(), "canary-canary");
  EXPECT_EQ(login(kServer, kToken, 0600).token.reveal(), "canary-canary");
}

TEST_F(ClusterLoginTest, ReadsFilesBelowTheRootOfAnotherFileSystem) {
  folder_.write("etc/kubernetes/kubelet.conf",
                "current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\n"
                "clusters: [{name: a, cluster: {server: 'https://api.test', certificate-authority: /etc/ca.pem}}]\n"
                "users: [{name: a, user: {token: canary}}]\n");
  folder_.write("etc/ca.pem", "authorities");
  EXPECT_EQ(login("/etc/kubernetes/kubelet.conf", folder_.path()).tls->authorities.reveal(), "authorities");
}

TEST_F(ClusterLoginTest, RunsAnExecPlugin) {
  folder_.write("plugin", "#!/bin/sh\necho '{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"canary\"}}'\n", 0755);
  const ClusterLogin read = login(kServer, "exec: {command: " + folder_.path() + "/plugin}", 0600);
  EXPECT_EQ(read.token.reveal(), "canary");
  EXPECT_EQ(read.how, "the exec plugin " + folder_.path() + "/plugin");
}

TEST_F(ClusterLoginTest, RunsNoProgramThatAnotherUserCouldHaveNamed) {
  folder_.write("plugin", "#!/bin/sh\ntouch " + folder_.path() + "/ran\n", 0755);
  const Error error = failure(kServer, "exec: {command: " + folder_.path() + "/plugin}", 0666);
  EXPECT_EQ(error.code(), ErrorCode::kFileUntrusted);
  EXPECT_THAT(error.line(), HasSubstr("which names a program to run"));
  EXPECT_NE(::access((folder_.path() + "/ran").c_str(), F_OK), 0);
}

TEST_F(ClusterLoginTest, NamesAFileThatCannotBeRead) {
  EXPECT_THAT(
      [] { openKubeconfig("/nowhere/kubelet.conf", ""); },
      throwsError(ErrorCode::kFileUnreadable, "the kubeconfig /nowhere/kubelet.conf cannot be read: No such file"));
  EXPECT_THAT(failure(std::string(kServer) + ", certificate-authority: lost.pem", kToken).line(),
              HasSubstr("the CA file of the kubeconfig " + folder_.path() + "/lost.pem cannot be read: No such file"));
  EXPECT_THAT(failure(kServer, "client-certificate: lost.pem, client-key: lost.pem").line(),
              HasSubstr("the client certificate of the kubeconfig"));
  EXPECT_THAT(failure(kServer, "tokenFile: lost").line(), HasSubstr("the token file of the kubeconfig"));
}

TEST_F(ClusterLoginTest, SaysWhereAKubeconfigIsInvalid) {
  const std::string path = folder_.write("kubeconfig", "current-context: a\ncontexts: 1\n");
  EXPECT_THAT([&] { openKubeconfig(path, ""); },
              throwsError(ErrorCode::kFileUnreadable, path + ":2:11: contexts: expected a list"));
}

TEST_F(ClusterLoginTest, RefusesAServerWithoutTls) {
  EXPECT_THAT(failure("server: 'http://localhost:8080'", kToken).line(), HasSubstr("it does not begin with https://"));
}

TEST_F(ClusterLoginTest, RefusesToLeaveCertificatesUnverified) {
  EXPECT_THAT(failure(std::string(kServer) + ", insecure-skip-tls-verify: true", kToken).line(),
              HasSubstr("insecure-skip-tls-verify"));
}

TEST_F(ClusterLoginTest, RefusesAnotherServerName) {
  EXPECT_THAT(failure(std::string(kServer) + ", tls-server-name: kubernetes", kToken).line(),
              HasSubstr("tls-server-name other than the server's host"));
  EXPECT_EQ(login(std::string(kServer) + ", tls-server-name: api.test", kToken, 0600).token.reveal(), "canary-canary");
}

TEST_F(ClusterLoginTest, RefusesAUserThatCannotLogIn) {
  EXPECT_THAT(failure(kServer, "").line(), HasSubstr("has no user that can log in"));
  EXPECT_THAT(failure(kServer, "username: admin, password: canary").line(), HasSubstr("logs in with username"));
}

}  // namespace
}  // namespace rcb
