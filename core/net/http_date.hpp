// Dates in HTTP headers (RFC 9110 section 5.6.7), in any of the three forms that HTTP has known.
#pragma once

#include "core/support/deadline.hpp"

#include <optional>
#include <string_view>

namespace rcb {

// The moment, or nothing if the text is not such a date. `now` decides the century of a year of two digits.
std::optional<UnixTime> parseHttpDate(std::string_view text, UnixTime now);

}  // namespace rcb
