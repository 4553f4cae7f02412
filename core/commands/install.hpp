// The `install` command: puts the program, its names, the broker file, the kubelet's provider file and flags on this node, restarts the kubelet if
// what it reads at its start has changed, and goes back if it does not come up. A second run changes nothing. An interrupted run is continued by the
// next.
#pragma once

#include "core/commands/install_plan.hpp"
#include "core/commands/install_report.hpp"
#include "core/commands/kubelet_trial.hpp"
#include "core/modules/provider_set.hpp"

namespace rcb {

enum class InstallMode {
  kApply,
  kDryRun,  // says what would change
  kCheck,   // says what is missing, and whether the kubelet is healthy
};

// Throws Error as planInstall(), and kWriteFailed, kKubeletUnhealthy; then the node's files are as before.
InstallReport install(const InstallRequest& request, InstallMode mode, ProviderSet& providers,
                      const NodeControl& control);

}  // namespace rcb
