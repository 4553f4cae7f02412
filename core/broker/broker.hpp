// Everything a run needs to know before it reads the request: the rules, and how the network may be used for them.
#pragma once

#include "core/net/retry_policy.hpp"
#include "core/protocol/image_reference.hpp"
#include "core/settings/broker_config.hpp"
#include "core/support/environment.hpp"

#include <string>
#include <vector>

namespace rcb {

struct Broker {
  BrokerConfig config;
  RetryPolicy retry;
  bool dropIn = false;             // the config's one rule answers for whatever image the kubelet's own entry matches
  std::vector<std::string> notes;  // not wrong, but worth saying
  std::vector<std::string> ignoredVariables;  // of the environment, which the network must not read
};

// The environment without the broker's ignored variables.
Environment networkEnvironment(const Broker& broker, Environment environment);

// Gives a drop-in's rule its one pattern: the image's own host. Does nothing to a broker that was read from a broker file. Throws
// Error(kRequestImage).
void narrowTo(Broker& broker, const ImageReference& image);

}  // namespace rcb
