// The checks of the kubelet itself: that it runs here, which version it is, how it was started, and what its plugins inherit.
#pragma once

#include "core/doctor/examination.hpp"

#include <vector>

namespace rcb {

// Find kubelet, version, providerPath and binDir.
std::vector<ExaminationStep> kubeletSteps();

// What depends on the provider file and the plugins, too: feature gate, restart; finds environment.
std::vector<ExaminationStep> kubeletStateSteps();

}  // namespace rcb
