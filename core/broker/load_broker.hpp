// Where the rules of a run come from: the broker file, or, where there is none, the configuration of another plugin.
#pragma once

#include "core/broker/broker.hpp"
#include "core/broker/drop_in.hpp"
#include "core/modules/provider_set.hpp"
#include "core/support/environment.hpp"
#include "core/support/secret.hpp"

#include <span>
#include <string>
#include <vector>

namespace rcb {

inline constexpr std::size_t kBrokerFileLimit = std::size_t{4} << 20;

// Where to look. What it refers to must outlive it.
struct BrokerSource {
  std::string configFile;  // of --config; empty: the default file, then the files of the drop-ins, then their variables
  const Environment& environment;
  std::span<const DropIn> dropIns;
  std::string defaultFile = std::string(kDefaultBrokerFile);
};

struct LoadedBroker {
  Broker broker;  // complete only if there are no problems
  std::vector<Problem> problems;
  Secret text;  // of the file, if there is one: for the positions of its keys
};

// Reads and checks the rules. The settings of rules for built-in providers are checked against their tables; shared
// libraries are not opened. Only a default file may be missing, which means that its name is not in its folder, or its folder not there: a dangling
// link, a folder without search permission and the like are errors. Throws Error: kConfigMissing, kFileUntrusted, kFileUnreadable.
LoadedBroker loadBroker(const BrokerSource& source, ProviderSet& providers);

// The same, of a file that has been read already. `name` is what messages call it.
LoadedBroker readBroker(Secret text, const std::string& name, const BrokerSource& source, ProviderSet& providers);

// loadBroker() with the problems turned into one Error(kConfigInvalid) that shows the first and counts the rest.
Broker loadBrokerOrRefuse(const BrokerSource& source, ProviderSet& providers);

// The broker of a LoadedBroker, or the same error.
Broker brokerOrRefuse(LoadedBroker loaded);

}  // namespace rcb
