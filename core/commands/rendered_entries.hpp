// The entries that a broker's rules need in the kubelet's provider file, with what there is to say about them.
#pragma once

#include "core/broker/broker.hpp"
#include "core/kubelet/kubelet_version.hpp"
#include "core/kubelet/provider_file.hpp"
#include "core/modules/provider_set.hpp"

#include <string>
#include <vector>

namespace rcb {

struct RenderOptions {
  KubeletVersion version;
  std::string brokerFile = {};  // where the plugin reads its rules; empty: the default file
  bool openModules = true;      // shared libraries; if not, their entries suit every module
};

struct RenderedEntries {
  std::vector<ProviderEntry> entries;  // at least one
  std::vector<std::string> notes;      // sentences of printable characters
};

// Throws Error(kConfigInvalid) if the rules are not from a broker file: those of another plugin's configuration name no images.
void requireBrokerFile(const Broker& broker);

// Opens the modules of the rules. Throws Error: as ProviderSet::open(), and kConfigInvalid if no entry can be made: as requireBrokerFile(), and if
// all rules need a token, which the version does not pass. A version that is too new is taken for the newest known one, with a note.
RenderedEntries renderEntries(const Broker& broker, ProviderSet& providers, const RenderOptions& options);

}  // namespace rcb
