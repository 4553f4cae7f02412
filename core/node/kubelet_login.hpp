// With which kubeconfig the kubelet of this machine logs in to the API server.
#pragma once

#include "core/node/running_kubelet.hpp"

#include <string>

namespace rcb {

// A path of the node: of --kubeconfig, or where the program that contains the kubelet writes it. Empty for a kubelet without an API server.
std::string kubeconfigOf(const RunningKubelet& kubelet);

}  // namespace rcb
