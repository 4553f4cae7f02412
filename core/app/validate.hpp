// The `validate` command: everything that can be known to be wrong before a pod needs it, in one run.
#pragma once

#include "core/app/broker.hpp"

#include <string>

namespace rcb {

struct Validation {
  bool valid = false;
  std::string report;  // for stdout
};

// Reads the broker's file, opens every module that it names (shared libraries included), checks every rule against its module, and reads every
// file that a rule names, as the plugin would. Throws Error if there is no file to validate.
Validation validateBroker(const std::string& configFile, const Environment& environment, ProviderSet& providers,
                          bool json);

}  // namespace rcb
