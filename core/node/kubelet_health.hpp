// Whether the node's kubelet is healthy: it answers its health check, and it stays the same process.
#pragma once

#include "core/node/running_kubelet.hpp"
#include "core/support/deadline.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rcb {

// Where the kubelet answers GET /healthz.
struct HealthAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 10248;
};

// From its flags, else from the file of its --config; no value if the check is turned off (port 0).
std::optional<HealthAddress> healthAddressOf(const RunningKubelet& kubelet, const std::string& root);

// Why the check failed; empty if the kubelet answered that it is healthy.
std::string askHealth(const HealthAddress& address, const Deadline& deadline);

// How a watch looks at the node.
struct HealthProbe {
  std::function<std::vector<RunningKubelet>()> kubelets;
  std::function<std::string(const RunningKubelet&)> fingerprint;  // changes with each start
  std::function<std::string(const RunningKubelet&)> problem;      // why this kubelet is not healthy; empty if it is
  std::function<void()> pause;                                    // between two looks
};

// The probe of this node. A kubelet whose check is turned off is healthy as long as it runs.
HealthProbe nodeProbe(const std::string& root);

// Waits until one kubelet has been healthy for as long as `steady`, without a new start in between, and `accepts` says nothing against it. At the
// deadline, and for a kubelet that starts again and again, returns why not: the last problem and how often it was started; empty if it is healthy.
std::string awaitHealth(const HealthProbe& probe, const std::function<std::string(const RunningKubelet&)>& accepts,
                        std::chrono::milliseconds steady, const Deadline& deadline);

}  // namespace rcb
