// The placeholders in a parameter's value: {namespace}, {serviceAccount}, {registry}, {repository}, {identity}.
#pragma once

#include <rcb/provider.hpp>

#include <string>
#include <string_view>

namespace rcb::token_exchange {

// The value with its placeholders replaced, each once: a replacement is not searched again. The host encodes it for the request, so nothing that a
// pod chooses ends the value. Braces around anything but letters are kept. Throws Failure (kBadSettings) for a placeholder that is unknown or has no
// value.
std::string parameterText(std::string_view value, const sdk::Request& request);

// Throws the same Failure for an unknown placeholder, and for {identity} where `request` has none. Needs no token.
void checkParameterText(std::string_view value, const sdk::Request& request);

}  // namespace rcb::token_exchange
