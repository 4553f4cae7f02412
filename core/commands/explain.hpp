// The `explain` command: which rules match an image, which is selected and why, what would be sent where, and what key and cache the answer would
// have. It takes the path of a run, with a network that records requests instead of sending them.
#pragma once

#include "core/broker/broker.hpp"
#include "core/commands/explanation.hpp"
#include "core/dispatch/cache_duration.hpp"
#include "core/modules/provider_set.hpp"
#include "core/support/environment.hpp"

#include <string>
#include <utility>
#include <vector>

namespace rcb {

struct ExplainRequest {
  std::string image;
  std::string namespaceName;  // empty, with no token: "default"
  std::string serviceAccount;
  std::string tokenFile;  // takes precedence over the names above
  std::vector<std::pair<std::string, std::string>> annotations;
};

// Throws Error for what the plugin refuses before a rule is selected (an image that is not valid), and for a token file that cannot be read.
Explanation explainImage(const ExplainRequest& request, Broker broker, const Environment& environment,
                         ProviderSet& providers, UnixTime now);

}  // namespace rcb
