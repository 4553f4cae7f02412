// Everything a run needs to know before it reads the request: the rules, and how the network may be used for them.
#pragma once

#include "core/net/retry_policy.hpp"
#include "core/protocol/image_reference.hpp"
#include "core/settings/broker_config.hpp"
#include "core/support/environment.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rcb {

inline constexpr std::string_view kDefaultBrokerFile = "/etc/registry-credential-broker/config.yaml";

struct Broker {
  BrokerConfig config;
  RetryPolicy retry;
  bool dropIn = false;             // the config's one rule answers for whatever image the kubelet's own entry matches
  std::vector<std::string> notes;  // not wrong, but worth saying
  std::vector<std::string> ignoredVariables;  // of the environment, which the network must not read
};

// The environment without the broker's ignored variables.
Environment networkEnvironment(const Broker& broker, Environment environment);

// How an operator calls one of the program's commands for the rules of this file, to be quoted in an advice: "registry-credential-broker validate
// --config /etc/x.yaml". Without --config for the default file, and for rules that are not in a file.
std::string commandFor(std::string_view command, const std::string& file);

// Gives a drop-in's rule its one pattern: the image's own host. Does nothing to a broker that was read from a broker file. Throws
// Error(kRequestImage).
void narrowTo(Broker& broker, const ImageReference& image);

}  // namespace rcb
