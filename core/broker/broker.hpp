// Where the rules of a run come from: the broker's file, or, where there is none, the variables and the file of Cloudsmith's own plugin.
#pragma once

#include "core/modules/provider_set.hpp"
#include "core/net/retry_policy.hpp"
#include "core/protocol/image_reference.hpp"
#include "core/settings/broker_config.hpp"
#include "core/support/environment.hpp"
#include "core/support/secret.hpp"

#include <string>
#include <vector>

namespace rcb {

inline constexpr std::size_t kBrokerFileLimit = std::size_t{4} << 20;

// What is read if the command line names no file: the first that is there.
struct DefaultFiles {
  std::string broker = "/etc/registry-credential-broker/config.yaml";
  // Where the plugin of cloudsmith-labs looks for its file, with one of the extensions .json, .yaml and .yml.
  std::string cloudsmith = "/etc/cloudsmith/cloudsmith-kubernetes-credential-provider";
};

struct Broker {
  BrokerConfig config;
  RetryPolicy retry;
  bool dropIn = false;             // the config's one rule answers for whatever image the kubelet's own entry matches
  std::vector<std::string> notes;  // not wrong, but worth saying
  std::vector<std::string> ignoredVariables;  // of the environment, which the network must not read
};

struct LoadedBroker {
  Broker broker;  // complete only if there are no problems
  std::vector<Problem> problems;
  Secret text;  // of the file, if there is one: for those who look for the place of a key
};

// Reads and checks everything that the plugin needs to know; the settings of rules for built-in providers are checked against their tables,
// shared libraries are not opened. `configFile` empty means the defaults, which alone may be missing: they or their folders are not there. A link that
// leads nowhere, a folder that may not be searched and the like are errors. Throws Error: kConfigMissing, kFileUntrusted, kFileUnreadable.
LoadedBroker loadBroker(const std::string& configFile, const Environment& environment, ProviderSet& providers,
                        const DefaultFiles& defaults = {});

// The same, of a file that has been read from elsewhere. `name` is what messages call it.
LoadedBroker readBroker(Secret text, const std::string& name, const Environment& environment, ProviderSet& providers);

// The same as the first, with problems turned into one Error(kConfigInvalid) that shows the first and counts the rest.
Broker loadBrokerOrRefuse(const std::string& configFile, const Environment& environment, ProviderSet& providers);

// What the network may read of it.
Environment networkEnvironment(const Broker& broker, Environment environment);

// Gives a drop-in's rule its one pattern: the image's own host. Does nothing to a broker that has a file.
void narrowTo(Broker& broker, const ImageReference& image);

}  // namespace rcb
