// Another credential provider plugin whose configuration this program takes over as it is, so that it can replace the plugin on a node. The table of
// them is in compat/; core knows none by name, and main() passes the table in.
#pragma once

#include "core/broker/broker.hpp"
#include "core/settings/problem.hpp"
#include "core/settings/yaml_node.hpp"
#include "core/support/environment.hpp"

#include <span>
#include <string>
#include <string_view>

namespace rcb {

struct DropIn {
  std::span<const std::string_view> files;  // where the plugin looks for its file, in its order
  std::string_view variables;               // what messages call its variables, as "the ACME_ variables"

  // Whether a file with this root is the plugin's.
  bool (*ownsFile)(const YamlNode& root);
  // Whether any variable that the plugin reads has a value.
  bool (*hasVariables)(const Environment& environment);
  // One rule that answers as the plugin would. `root` is its file's, or null where only variables are set; `source` is what messages call the
  // configuration. Whatever the plugin would fail with as well is appended to `problems`.
  Broker (*read)(const YamlNode* root, const std::string& source, const Environment& environment,
                 ProblemList& problems);
};

}  // namespace rcb
