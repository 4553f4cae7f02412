// Checks the relations of a provider's settings (setting_relation.hpp) for a rule and for a request.
#pragma once

#include "core/settings/broker_config.hpp"
#include "core/settings/key_path.hpp"
#include "core/settings/problem.hpp"
#include "core/settings/setting_spec.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// Adds a problem for each relation that cannot hold whatever the annotations are. `path` is that of the rule's settings.
void checkRelations(const Rule& rule, const ProviderDescription& provider, const KeyPath& path, ProblemList& problems);

// Throws Error if a relation does not hold for a request whose annotations set the settings `annotated`: kAnnotationRefused if one of them is at
// fault, else kSettingsInvalid.
void requireRelations(const Rule& rule, const ProviderDescription& provider,
                      const std::vector<std::string_view>& annotated);

// The end of a line about a setting that this annotation could have set.
std::string adviceToSet(const AnnotationBinding& binding);

}  // namespace rcb
