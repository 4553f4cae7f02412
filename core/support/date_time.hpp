// Dates and times as text: RFC 3339, and the basic format of ISO 8601. HTTP's own formats are in core/net/http_date.hpp.
#pragma once

#include "core/support/deadline.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// "2030-12-31T23:59:59Z", or with an offset such as "+02:00" in place of the Z; T and Z in either case. A fraction of a second is cut off. A leap
// second, :60 at the end of a month in UTC (RFC 3339 section 5.7), counts as the second before it, so that nothing expires too late. No value for any
// other string, also without an offset or with a space in place of the T.
std::optional<UnixTime> parseRfc3339(std::string_view text);

// "2026-11-29T02:00:00Z". For the years 0 to 9999.
std::string formatRfc3339(UnixTime time);

// "20261129T020000Z" (ISO 8601 basic). For the years 0 to 9999.
std::string formatBasicTime(UnixTime time);

}  // namespace rcb
