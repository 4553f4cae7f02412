// The entries of the kubelet's provider file that a broker file needs: an entry passes tokens for one audience, or none.
#pragma once

#include "core/kubelet/kubelet_version.hpp"
#include "core/kubelet/provider_file.hpp"
#include "core/settings/broker_config.hpp"
#include "core/settings/setting_spec.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// The name of the first entry, and what the names of the others begin with.
inline constexpr std::string_view kEntryName = "registry-credential-broker";

struct ProviderEntries {
  std::vector<ProviderEntry> entries;
  std::vector<std::string> leftOut;  // the rules that need a token, which this version does not pass
};

// Rules share an entry if they need the same: no token, or one for the same audience and with the same cacheType. The entries are in the order of
// their first rules. The first is called kEntryName, each further one also has the name of its first rule, so that a rule at the end of the file
// changes no name; names do not depend on the version. `descriptions` are those of the rules' modules, by the rule's index; null for a module that is
// not there, whose entry suits every module: its answers are kept for one token only, and no annotation is required. `brokerFile` is passed on as
// --config; empty for the default file.
ProviderEntries providerEntries(const BrokerConfig& config, std::span<const ProviderDescription* const> descriptions,
                                KubeletVersion version, const std::string& brokerFile);

}  // namespace rcb
