// The checks of the network on the way to the hosts that a rule contacts: proxy, name, TCP, TLS, and the clock against theirs.
#pragma once

#include "core/doctor/examination.hpp"
#include "core/net/connection_probe.hpp"

#include <string>
#include <vector>

namespace rcb {

std::vector<ExaminationStep> networkSteps();

// The findings of one probe. `host` is what was probed, `trust` which authorities count there (describeTrust()).
void judgeProbe(const ConnectionProbe& probe, const std::string& host, const std::string& trust, Diagnosis& diagnosis);

}  // namespace rcb
