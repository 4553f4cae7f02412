// The `doctor` command: every check of the node, its network and its cluster, in the order in which a pull would need them.
#pragma once

#include "core/doctor/examination.hpp"

#include <functional>

namespace rcb {

// Reads only; waits for others within limits (kStepBudget). `now` is the node's clock. Throws Error(kRequestImage) for an image that is not valid.
Diagnosis diagnoseNode(const DoctorRequest& request, const BrokerSource& source, ProviderSet& providers,
                       std::function<UnixTime()> now);

// The steps of diagnoseNode() before those of the cluster, for an examination of the caller.
void examineNode(Examination& examination);

}  // namespace rcb
