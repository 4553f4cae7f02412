// The checks from the token to the image: what a run of the plugin would answer, and what the registry says to that.
#pragma once

#include "core/doctor/cluster_facts.hpp"

#include <chrono>

namespace rcb {

inline constexpr std::chrono::seconds kExchangeBudget{75};

// "exchange", "registry" and "manifest". The exchange is the real one; its answer is used for the registry and then forgotten.
void checkExchange(Examination& examination, ClusterFacts& facts);

}  // namespace rcb
