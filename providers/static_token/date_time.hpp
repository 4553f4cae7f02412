// Moments as RFC 3339 writes them.
#pragma once

#include <rcb/provider.hpp>

#include <optional>
#include <string_view>

namespace rcb::static_token {

// "2030-12-31T23:59:59Z", or with an offset such as "+02:00" in the place of the Z; no fractions, no leap seconds. Nothing if there is no such
// moment.
std::optional<sdk::Time> readDateTime(std::string_view text);

}  // namespace rcb::static_token
