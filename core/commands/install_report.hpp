// What `install` and `uninstall` did to a node, or would do, as text or JSON.
#pragma once

#include "core/node/node_changes.hpp"
#include "core/report/style.hpp"

#include <string>
#include <vector>

namespace rcb {

struct InstallReport {
  std::string distribution;  // "kubeadm"; empty: not asked for
  std::string version;       // of the kubelet, "1.34"; empty: not asked for
  std::string unit;
  std::vector<NodeChange> changes;  // of files that differ
  bool changesNothing = false;      // --dry-run, --check
  bool restartNeeded = false;       // the kubelet has not read what was written
  bool restarted = false;
  std::vector<std::string> notes;
  std::string problem;  // --check: why the kubelet is not healthy

  // 0; of --check another one unless everything is as it should be (ErrorKind).
  bool complete() const { return changes.empty() && !restartNeeded && problem.empty(); }

  // With the differences of text files, if nothing was changed.
  std::string text(const Style& style) const;
  std::string json() const;
};

}  // namespace rcb
