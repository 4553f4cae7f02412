// The checks of the kubelet's provider file and of the plugins that it names.
#pragma once

#include "core/doctor/examination.hpp"

#include <vector>

namespace rcb {

// Find providerChanged, entries and ours.
std::vector<ExaminationStep> providerFileSteps();

}  // namespace rcb
