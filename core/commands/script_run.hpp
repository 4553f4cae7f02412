// Runs a provider against a script and compares what it did with what the script expects.
#pragma once

#include "core/commands/script_file.hpp"
#include "core/modules/provider.hpp"

#include <string>
#include <vector>

namespace rcb {

// An expectation that is not met. Of a password the texts only say how it differs.
struct Unmet {
  std::string what;  // its path in the script: requests[0].url
  std::string expected;
  std::string found;
};

struct ScriptResult {
  std::string file;
  std::vector<std::string> requests;  // method and URL of each
  std::string outcome;                // the credential without its password, or the line of the error
  std::vector<Unmet> unmet;
};

// The pod's token is shown as kTokenMark, and no password is shown. Everything else is the script's own data.
ScriptResult runScript(const Provider& provider, const std::string& file, const ScriptFile& script);

}  // namespace rcb
