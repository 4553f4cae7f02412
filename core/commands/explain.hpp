// The `explain` command: which rules match an image, which wins and why, what would be sent where, and what key and cache the answer would have.
// It walks the real way with a network that writes down instead of sending.
#pragma once

#include "core/broker/broker.hpp"
#include "core/dispatch/cache_duration.hpp"
#include "core/modules/provider_set.hpp"
#include "core/support/environment.hpp"

#include <string>
#include <utility>
#include <vector>

namespace rcb {

struct Explanation {
  std::string text;  // for stdout
  int status = 0;    // 0 if the plugin would get as far as the exchange, or answer without one; else its exit status
};

struct Question {
  std::string image;
  std::string namespaceName;  // both empty, and no token: "default/default"
  std::string serviceAccount;
  std::string tokenFile;  // takes precedence over the names above
  std::vector<std::pair<std::string, std::string>> annotations;
};

// Throws Error for what the plugin refuses before a rule is selected (no rule, an image that is none, an unreadable token file).
Explanation explainImage(const Question& question, Broker broker, const Environment& environment,
                         ProviderSet& providers, UnixTime now, bool json);

}  // namespace rcb
