// A running kubelet as its node knows it: its version, the service that it runs in, and its restart.
#pragma once

#include "core/kubelet/kubelet_version.hpp"
#include "core/node/running_kubelet.hpp"
#include "core/support/deadline.hpp"

#include <optional>
#include <string>

namespace rcb {

// The systemd unit of the process, such as "kubelet.service" or "k3s-agent.service", as its cgroups name it; empty if it runs in none.
std::string unitOf(const RunningKubelet& kubelet, const std::string& root);

// Changes with every start of a kubelet: its process ID and the time of its start. Empty if the process is gone.
std::string fingerprintOf(const RunningKubelet& kubelet, const std::string& root);

// What its program answers to --version. No value if it answers nothing of the kind. Throws Error: kFileUnreadable, kDeadline.
std::optional<KubeletVersion> askVersion(const RunningKubelet& kubelet, const std::string& root,
                                         const Deadline& deadline);

// Lets systemd read its units and their environment again, and restarts one. Throws Error(kKubeletUnhealthy) with systemctl's words if it does not,
// kFileUnreadable if there is no systemctl, kDeadline.
void restartService(const std::string& unit, const Deadline& deadline);

}  // namespace rcb
