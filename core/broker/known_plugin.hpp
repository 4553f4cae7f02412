// Another credential provider plugin whose entries in the kubelet's file `import` turns into rules. The table of them is in compat/; core knows none
// by name, and main() passes the table in.
#pragma once

#include "core/kubelet/provider_file.hpp"
#include "core/settings/broker_config.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// A required value that the entry does not have, and that the operator must write into the rule.
struct MissingSetting {
  std::string setting;
  std::string what;  // for a comment: what it is
};

struct ImportedRule {
  std::string module;
  std::vector<std::string> matchImages = {};
  std::vector<Setting> settings = {};
  std::vector<AnnotationBinding> annotations = {};
  std::vector<MissingSetting> missing = {};
};

// What an entry becomes. Its name, the audience and which pods may use the rule are the caller's affair.
struct ImportedEntry {
  std::vector<ImportedRule> rules = {};
  std::vector<std::string> notes =
      {};  // sentences: what is left out or differs; why there is no rule, if there is none
};

struct KnownPlugin {
  std::string_view program;  // how the names of its entries begin
  // What to do about an entry without tokenAttributes: the plugin then uses an identity of the node, which this program never does.
  std::string_view insteadOfNode;
  // For an entry with tokenAttributes.
  ImportedEntry (*read)(const ProviderEntry& entry);
};

// Variables of an entry that this program reads as well: they stay in the kubelet's file.
inline constexpr std::string_view kNetworkVariables[] = {"HTTPS_PROXY", "https_proxy",   "NO_PROXY",
                                                         "no_proxy",    "SSL_CERT_FILE", "SSL_CERT_DIR"};

}  // namespace rcb
