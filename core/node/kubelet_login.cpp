#include "core/node/kubelet_login.hpp"

namespace rcb {

std::string kubeconfigOf(const RunningKubelet& kubelet) {
  std::string path = kubelet.flag("kubeconfig");
  if (!path.empty()) return path;
  switch (kubelet.host) {
    case KubeletHost::kKubelet:
      return {};
    case KubeletHost::kK3s: {
      const std::string folder = kubelet.flag("data-dir");
      return (folder.empty() ? "/var/lib/rancher/k3s" : folder) + "/agent/kubelet.kubeconfig";
    }
    case KubeletHost::kKubelite:
      return "/var/snap/microk8s/current/credentials/kubelet.config";
    case KubeletHost::kMicroshift:
      return "/var/lib/microshift/resources/kubelet/kubeconfig";
  }
  return {};
}

}  // namespace rcb
