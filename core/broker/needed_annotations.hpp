// The annotations of a request that `validate` makes up for a rule: a rule whose settings come from annotations fails without them.
#pragma once

#include "core/settings/broker_config.hpp"
#include "core/settings/setting_spec.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

using Annotations = std::vector<std::pair<std::string, std::string>>;

// `chosen`, and annotations that give a value to every setting that the rule binds and the file leaves out, except settings with a default: what the
// rule is for is a pod that has them. Of settings in relations only those that are then required. No value if the value of a required one cannot be
// guessed; `unknown` is that annotation.
std::optional<Annotations> neededAnnotations(const Rule& rule, const ProviderDescription& provider, Annotations chosen,
                                             std::string& unknown);

}  // namespace rcb
