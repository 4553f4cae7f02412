// The JSON schema (draft 2020-12) of the broker file, for editors and pipelines. Generated from the tables that the reader uses.
#pragma once

#include "core/settings/setting_spec.hpp"

#include <span>
#include <string>

namespace rcb {

// The schema accepts every file that the reader and checkRuleSettings accept, with one exception: outside of `settings` a value that looks like a
// number or a boolean must be quoted. It does not check what a schema cannot express: unique names, conflicting patterns, the range of durations, and
// which setting an annotation may set.
std::string brokerSchema(std::span<const ProviderDescription> builtins);

}  // namespace rcb
