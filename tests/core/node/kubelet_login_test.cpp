#include "core/node/kubelet_login.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

RunningKubelet kubelet(KubeletHost host, std::vector<std::string> arguments = {}) {
  return {.pid = 1, .host = host, .program = "", .arguments = std::move(arguments)};
}

TEST(KubeletLogin, IsTheFlag) {
  EXPECT_EQ(
      kubeconfigOf(kubelet(KubeletHost::kKubelet, {"--bootstrap-kubeconfig=/b", "--kubeconfig=/etc/kubelet.conf"})),
      "/etc/kubelet.conf");
  EXPECT_EQ(kubeconfigOf(kubelet(KubeletHost::kKubelite, {"--kubeconfig", "/own"})), "/own");
}

TEST(KubeletLogin, IsWhereTheProgramAroundTheKubeletWritesIt) {
  EXPECT_EQ(kubeconfigOf(kubelet(KubeletHost::kK3s)), "/var/lib/rancher/k3s/agent/kubelet.kubeconfig");
  EXPECT_EQ(kubeconfigOf(kubelet(KubeletHost::kK3s, {"server", "--data-dir=/data"})), "/data/agent/kubelet.kubeconfig");
  EXPECT_EQ(kubeconfigOf(kubelet(KubeletHost::kKubelite)), "/var/snap/microk8s/current/credentials/kubelet.config");
  EXPECT_EQ(kubeconfigOf(kubelet(KubeletHost::kMicroshift)), "/var/lib/microshift/resources/kubelet/kubeconfig");
}

TEST(KubeletLogin, IsNothingForAKubeletWithoutAnApiServer) {
  EXPECT_EQ(kubeconfigOf(kubelet(KubeletHost::kKubelet)), "");
}

}  // namespace
}  // namespace rcb
