// The `validate` command: every failure of a run that does not come from the network, and what may not be meant, in one report.
#pragma once

#include "core/broker/load_broker.hpp"
#include "core/commands/kubelet_check.hpp"
#include "core/dispatch/cache_duration.hpp"
#include "core/process/confinement.hpp"
#include "core/report/style.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rcb {

struct Validation {
  bool valid = false;
  std::string report;                      // for stdout
  std::vector<std::string> problems = {};  // each as a line
  std::vector<std::string> warnings = {};
};

struct ValidationRequest {
  BrokerSource source;
  std::optional<Secret> text = {};  // the file itself, if it was read already
  std::string textName = "stdin";   // what messages call it then
  bool openFiles = true;            // named by the rules
  bool json = false;
  Style style = {};              // of the report, if it is not JSON
  Confinement confinement = {};  // what this machine allows
  UnixTime now;
  std::optional<KubeletCheckRequest> kubelet = {};  // the kubelet's file is checked too
};

// Reads the broker file, opens every module that it names (shared libraries too), checks every rule against its module, reads every file of a rule as
// a run does, and makes a dry run for one image of each pattern. Then it checks the kubelet's file, and whether both fit. Throws Error if there is no
// file to validate.
Validation validateBroker(ValidationRequest request, ProviderSet& providers);

}  // namespace rcb
