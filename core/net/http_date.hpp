// Parses dates in HTTP headers (RFC 9110 section 5.6.7), in any of the three formats of HTTP.
#pragma once

#include "core/support/deadline.hpp"

#include <optional>
#include <string_view>

namespace rcb {

// Nothing if the value is not a valid date. `now` decides the century of a two-digit year.
std::optional<UnixTime> parseHttpDate(std::string_view text, UnixTime now);

}  // namespace rcb
