// Parses dates and times in the format of RFC 3339.
#pragma once

#include <rcb/provider.hpp>

#include <optional>
#include <string_view>

namespace rcb::static_token {

// "2030-12-31T23:59:59Z", or with an offset such as "+02:00" in place of the Z. Without fractions and leap seconds. Nothing if the value is not a
// valid date and time.
std::optional<sdk::Time> readDateTime(std::string_view text);

}  // namespace rcb::static_token
