// The checks of the cluster, as the kubelet sees it: its kubeconfig, the API server, what the node may ask for, the service account and its token.
#pragma once

#include "core/doctor/examination.hpp"

#include <vector>

namespace rcb {

// From "kubeconfig" to "manifest". They need the facts kubelet, entries, broker and environment, and share what they learn with each other.
std::vector<ExaminationStep> clusterSteps();

}  // namespace rcb
