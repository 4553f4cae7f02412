// Dates in HTTP headers (RFC 9110 section 5.6.7): read in any of the three formats of HTTP, written in the one of today.
#pragma once

#include "core/support/deadline.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// Nothing if the value is not a valid date. `now` decides the century of a two-digit year.
std::optional<UnixTime> parseHttpDate(std::string_view text, UnixTime now);

// "Sun, 29 Nov 2026 02:00:00 GMT". For the years 0 to 9999.
std::string formatHttpDate(UnixTime time);

}  // namespace rcb
