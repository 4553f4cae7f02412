// The check of what this machine lets a run give up before it uses the network (core/process/confinement.hpp).
#pragma once

#include "core/doctor/examination.hpp"
#include "core/process/confinement.hpp"

#include <vector>

namespace rcb {

std::vector<ExaminationStep> machineSteps();

// `required`: the broker file refuses to run without all parts.
void judgeConfinement(const Confinement& available, bool required, Diagnosis& diagnosis);

}  // namespace rcb
