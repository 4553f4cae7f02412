// Compares the entries of a kubelet's provider file that run this program with the rules of the broker file: for whatever image the kubelet runs the
// program, a rule must answer, with a token for its audience and the annotations that it binds.
#pragma once

#include "core/kubelet/kubelet_version.hpp"
#include "core/kubelet/provider_file.hpp"
#include "core/settings/broker_config.hpp"
#include "core/settings/problem.hpp"
#include "core/settings/setting_spec.hpp"

#include <span>
#include <string>
#include <vector>

namespace rcb {

// What does not fit together. Without a position: its path leads to it.
struct Disagreement {
  bool fatal = false;  // pulls fail that are meant to succeed
  std::string file;    // of the kubelet; empty: the broker file
  Problem problem;
};

// What no image can match, in the entries of any plugin.
std::vector<Disagreement> findUnmatchable(const std::vector<ProviderEntry>& entries);

// `entries` are those that run this program, incomplete ones too. `descriptions` are those of the rules' modules, by the rule's index; null for one
// that is not known. With more than some millions of pairs of patterns, nothing is compared, which is a warning.
std::vector<Disagreement> compareWithRules(const std::vector<ProviderEntry>& entries, const BrokerConfig& config,
                                           std::span<const ProviderDescription* const> descriptions,
                                           KubeletVersion version);

}  // namespace rcb
