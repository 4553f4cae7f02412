// The JSON schema (draft 2020-12) of the broker's file, made from the tables that the reader uses: what editors and pipelines check against.
#pragma once

#include "core/settings/setting_spec.hpp"

#include <span>
#include <string>

namespace rcb {

// A file that the reader and checkRuleSettings accept is valid, save that texts must be strings where they look like numbers or booleans (in
// `settings` they need not). What a schema cannot say is left to them: unique names, ties, limits of durations, which setting an annotation
// may set.
std::string brokerSchema(std::span<const ProviderDescription> builtins);

}  // namespace rcb
