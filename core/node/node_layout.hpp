// How this node's kubelet is set up: where its provider file and its plugins are, how it gets its flags, and which service it runs in. Most of it is
// read from the kubelet that runs; what distributions do differently is a table of facts.
#pragma once

#include "core/node/running_kubelet.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rcb {

struct LayoutRequest {
  std::string root;          // the folder of the node's file system; empty: this one
  std::string providerPath;  // of --kubelet-config and --bin-dir; empty: as the node has it
  std::string programFolder;
  bool filesOnly = false;  // no kubelet has to run
};

struct NodeLayout {
  std::string distribution;  // "kubeadm", "EKS", for reports
  std::optional<RunningKubelet> kubelet;
  std::string unit;  // of systemd; empty if the kubelet runs in none, or does not run

  // The values of --image-credential-provider-config and --image-credential-provider-bin-dir.
  std::string providerPath;
  std::string programFolder;

  // The file that gets both flags; empty if the kubelet has them already, or finds the files without flags.
  std::string flagFile;
  std::string flagVariable;  // of an environment file; empty: one argument on each line

  std::vector<std::string> notes;  // what an operator of such a node must know
};

// The one kubelet of this machine; none only if it `mayBeMissing`. Throws Error(kNodeUnsupported).
std::optional<RunningKubelet> findOnlyKubelet(const std::string& root, bool mayBeMissing);

// Whether the kubelet gets both flags from its distribution exactly if the files are there.
bool looksForFiles(const RunningKubelet& kubelet, const std::string& unit);

// Throws Error(kNodeUnsupported) where there is not exactly one kubelet, where its files cannot be found or must not be changed; the advice says what
// to do instead.
NodeLayout findLayout(const LayoutRequest& request);

}  // namespace rcb
