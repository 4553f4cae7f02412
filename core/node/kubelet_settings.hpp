// Settings of a running kubelet that can be flags or members of its own file (--config, KubeletConfiguration).
#pragma once

#include "core/node/running_kubelet.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

struct FeatureGate {
  std::optional<bool> enabled;  // no value: neither flag nor file sets it, so the version's default counts
  std::string source = {};      // "--feature-gates", or the file
  std::string problem = {};     // why the file could not be read
};

// The flag counts before the file, and a file of --config-dir before that of --config, as in the kubelet.
FeatureGate featureGateOf(const RunningKubelet& kubelet, std::string_view name, const std::string& root);

}  // namespace rcb
