// Parses the Retry-After header (RFC 9110 section 10.2.3): a number of seconds, or a date in any of the three formats of HTTP.
#pragma once

#include "core/support/deadline.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace rcb {

// The requested wait from `now`: zero for a date in the past, at most one day. Nothing if the value is not valid.
std::optional<std::chrono::seconds> parseRetryAfter(std::string_view value, UnixTime now);

}  // namespace rcb
