// What `install` would make of a node, decided before anything is written: every file as it is and as it should be, checked by the rules of the
// kubelet that will read them.
#pragma once

#include "core/dispatch/cache_duration.hpp"
#include "core/kubelet/kubelet_version.hpp"
#include "core/modules/provider_set.hpp"
#include "core/node/node_changes.hpp"
#include "core/node/node_layout.hpp"
#include "core/support/environment.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rcb {

struct InstallRequest {
  LayoutRequest layout;
  std::optional<std::string> brokerFile;  // the content of --config; none: the node has its broker file
  std::string brokerName;                 // of --config, for messages
  std::optional<KubeletVersion> version;  // of --kubernetes
  std::string program;                    // the bytes of this program
  UnixTime now;
};

struct InstallPlan {
  NodeLayout layout;
  KubeletVersion version;
  std::vector<NodeChange> changes;   // every file of the installation, those that stay as they are too
  std::vector<NodeChange> removals;  // of names that no entry needs any more; once the kubelet runs with the new file
  std::vector<std::string> folders;  // that are missing
  InstalledFlags flags;
  std::string digest;  // SHA-256 of what the kubelet reads at its start
  std::vector<std::string> notes;
};

// Throws Error: kNodeUnsupported; kConfigMissing, kConfigInvalid and what the modules of the rules say of the broker file; kConfigInvalid for a
// provider file that the kubelet would refuse; kFileUntrusted, kFileUnreadable.
InstallPlan planInstall(const InstallRequest& request, const InstallState& state, const StateStore& store,
                        ProviderSet& providers);

// What `uninstall` would make of a file that is recorded: its original, or, if it was changed since, the present file without what is ours. Without a
// value the file is not ours any more, and stays.
std::optional<NodeChange> planRemoval(const InstalledFile& file, const InstalledFlags& flags, const StateStore& store);

}  // namespace rcb
