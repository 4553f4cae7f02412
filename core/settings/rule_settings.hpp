// A rule's settings against its module's table: types, patterns, required ones, defaults, and which annotations may set what.
#pragma once

#include "core/settings/broker_config.hpp"
#include "core/settings/problem.hpp"
#include "core/settings/setting_spec.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

// Why a value is none of the setting, as a clause that does not quote it: it may be a secret in the wrong place. Empty if it is one. Throws
// Error(kModuleMisbehaved) if the setting's pattern is no regular expression.
std::string settingProblem(const SettingSpec& spec, const std::string& value);

// Every problem of the rule's settings and annotation bindings, and of its identity with the module's needs. `index` is the rule's place in
// the file, for the key path.
std::vector<Problem> checkRuleSettings(const Rule& rule, std::size_t index, const ProviderDescription& provider);

// The settings that the module gets for one request: the file's values, then annotations that the rule binds (checked against the setting's
// pattern and oneOf), then defaults; durations as milliseconds. Annotations that no rule binds are ignored. An empty annotation value counts
// as absent. Throws Error: kAnnotationRefused, and kSettingsInvalid if a required setting has no value. checkRuleSettings must have passed.
std::vector<std::pair<std::string, std::string>> resolveSettings(
    const Rule& rule, const ProviderDescription& provider,
    const std::vector<std::pair<std::string, std::string>>& annotations);

}  // namespace rcb
