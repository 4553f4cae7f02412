// Checks a rule's settings against its module's table (types, patterns, required settings, relations, annotations) and resolves them for a
// request.
#pragma once

#include "core/settings/broker_config.hpp"
#include "core/settings/problem.hpp"
#include "core/settings/setting_spec.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

// Every problem of the rule's settings and annotation bindings, and an identity that does not suit the module. `index` is the rule's index in
// the file, for the key path.
std::vector<Problem> checkRuleSettings(const Rule& rule, std::size_t index, const ProviderDescription& provider);

// The paths of keys whose value is valid, and yet likely to contain a variable (variables.hpp): module, audience, the files of `tls`, settings and
// the values of oneOf. `index` as above.
std::vector<std::string> keysWithVariables(const Rule& rule, std::size_t index);

// The settings that the module gets for one request, in the order of its table; elements of a list and entries of a map (named SETTING.ENTRY) in
// that of the file. A bound annotation (checked against the setting's pattern and oneOf) wins over the file's value, and that over the default;
// durations become milliseconds. Annotations that the rule does not bind are ignored, and an empty annotation counts as absent. Throws Error:
// kAnnotationRefused, and kSettingsInvalid if a required setting has no value or a relation does not hold. Requires that checkRuleSettings found no
// problem.
std::vector<std::pair<std::string, std::string>> resolveSettings(
    const Rule& rule, const ProviderDescription& provider,
    const std::vector<std::pair<std::string, std::string>>& annotations);

}  // namespace rcb
