// Checks one value against its row of a provider's table, and converts it to the form that the module gets. Modules' own defaults are held to
// the same rules as the broker file.
#pragma once

#include "core/settings/setting_spec.hpp"

#include <string>

namespace rcb {

// Why a value (an element of a list, an entry of a map) is not valid for the setting, as one clause; empty if it is valid. Never quotes the value,
// which may be a misplaced secret. URLs and hosts are valid if a request may have them (core/support/http_url.hpp). Throws
// Error(kModuleMisbehaved) if the setting's pattern is not a valid regular expression.
std::string settingProblem(const SettingSpec& spec, const std::string& value);

// A valid value as the module gets it: durations become milliseconds.
std::string resolvedValue(const SettingSpec& spec, const std::string& value);

}  // namespace rcb
