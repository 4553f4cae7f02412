// The `uninstall` command: gives every file that `install` changed its original bytes back, or takes out only what is ours if it was changed since;
// then removes the names, the program and the state. The kubelet is restarted and watched as by `install`.
#pragma once

#include "core/commands/install_report.hpp"
#include "core/commands/kubelet_trial.hpp"

namespace rcb {

struct UninstallRequest {
  bool filesOnly = false;
  bool dryRun = false;
};

// Throws Error: kNodeUnsupported, kWriteFailed, kKubeletUnhealthy; then the installation is as before.
InstallReport uninstall(const UninstallRequest& request, const NodeControl& control);

}  // namespace rcb
