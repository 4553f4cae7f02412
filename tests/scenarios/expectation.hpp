// Compares the output of a run with its scenario's expectations.
#pragma once

#include "core/support/json.hpp"
#include "tests/scenarios/placeholders.hpp"

#include <string_view>

namespace rcb::test {

// '*' in the pattern stands for any run of characters.
bool matchesPattern(std::string_view pattern, std::string_view text);

// Objects have the same members in any order, none missing and none added; texts are equal, or, where "between 1h0m0s and 1h2m0s" is
// expected, a duration between. Placeholders of `expected` are expanded. Other values are never equal: no response has any.
bool matchesJson(const Json& expected, const Json& actual, const Placeholders& placeholders);

}  // namespace rcb::test
