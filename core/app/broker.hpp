// Where the rules of a run come from: the broker's file, or, where there is none, the variables and the file of Cloudsmith's own plugin.
#pragma once

#include "core/modules/provider_set.hpp"
#include "core/net/retry_policy.hpp"
#include "core/protocol/image_reference.hpp"
#include "core/settings/broker_config.hpp"
#include "core/support/environment.hpp"

#include <string>
#include <vector>

namespace rcb {

inline constexpr std::string_view kDefaultConfigFile = "/etc/registry-credential-broker/config.yaml";
// Where the plugin of cloudsmith-labs looks for its file, with one of the extensions .json, .yaml and .yml.
inline constexpr std::string_view kCloudsmithDefaultFile = "/etc/cloudsmith/cloudsmith-kubernetes-credential-provider";

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
};

// Reads and checks everything that the plugin needs to know; the settings of rules for built-in providers are checked against their tables,
// shared libraries are not opened. `configFile` empty means the default. Throws Error: kConfigMissing, kFileUntrusted, kFileUnreadable.
LoadedBroker loadBroker(const std::string& configFile, const Environment& environment, ProviderSet& providers,
                        std::string_view cloudsmithFile = kCloudsmithDefaultFile);

// The same, with problems turned into one Error(kConfigInvalid) that shows the first and counts the rest.
Broker loadBrokerOrRefuse(const std::string& configFile, const Environment& environment, ProviderSet& providers);

// What the network may read of it.
Environment networkEnvironment(const Broker& broker, Environment environment);

// Gives a drop-in's rule its one pattern: the image's own host. Does nothing to a broker that has a file.
void narrowTo(Broker& broker, const ImageReference& image);

}  // namespace rcb
