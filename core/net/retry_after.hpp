// The Retry-After header (RFC 9110 section 10.2.3): a number of seconds, or a date in any of the three forms that HTTP has known.
#pragma once

#include "core/support/deadline.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace rcb {

// How long the server asks to wait from `now`; zero for a date that has passed, at most a day. Nothing for what is neither form.
std::optional<std::chrono::seconds> parseRetryAfter(std::string_view value, UnixTime now);

}  // namespace rcb
