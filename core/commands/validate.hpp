// The `validate` command: whatever a run would fail with for a reason of ours, and what it might not be meant to do, in one go.
#pragma once

#include "core/broker/load_broker.hpp"
#include "core/dispatch/cache_duration.hpp"

#include <optional>
#include <string>

namespace rcb {

struct Validation {
  bool valid = false;
  std::string report;  // for stdout
};

struct ValidationRequest {
  BrokerSource source;
  std::optional<Secret> text = {};  // the file itself, if it was read from stdin
  bool openFiles = true;            // that the rules name
  bool json = false;
  UnixTime now;
};

// Reads the broker's file, opens every module that it names (shared libraries included), checks every rule against its module, reads every file
// that a rule names as a run reads it, and makes a run for one image of each pattern, without the network. Throws Error if there is no file to
// validate.
Validation validateBroker(ValidationRequest request, ProviderSet& providers);

}  // namespace rcb
