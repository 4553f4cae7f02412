// Why a pod may use an image that is on the node: the kubelet's records of pulls (KEP-2535).
#pragma once

#include "core/doctor/examination.hpp"
#include "core/node/pull_records.hpp"

#include <vector>

namespace rcb {

std::vector<ExaminationStep> pullRecordSteps();

}  // namespace rcb
