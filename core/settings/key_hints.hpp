// Hints about unknown keys that other programs accept: switches that disable verification, and secrets in the file itself. A hint is the end of a
// reason, with its separator, as suggestion() is (problem.hpp).
#pragma once

#include "core/settings/setting_spec.hpp"

#include <string>
#include <string_view>

namespace rcb {

// For an unknown key such as "insecureSkipVerify", "tls_verify" or "password"; empty for any other.
std::string unknownKeyHint(std::string_view key);

// The same for an unknown setting of a module. For a secret it names the setting that takes the secret's file, and is empty if the module has none.
std::string unknownSettingHint(std::string_view setting, const ProviderDescription& provider);

}  // namespace rcb
