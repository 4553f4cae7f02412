// The checks of the issuer of tokens: what a registry, or the exchange in front of it, sees when it wants to verify a token of this cluster.
#pragma once

#include "core/doctor/cluster_facts.hpp"

#include <chrono>

namespace rcb {

inline constexpr std::chrono::seconds kIssuerBudget{25};

// "issuer" and "issuer-keys". Without credentials, and trusting the system's authorities only.
void checkIssuer(Examination& examination, ClusterFacts& facts);

// The same over this client.
void checkIssuerOver(Diagnosis& diagnosis, HttpClient& http, const std::string& issuer, const std::string& keyId,
                     const Deadline& deadline);

}  // namespace rcb
