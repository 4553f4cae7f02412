#include "core/net/retry_after.hpp"

#include "core/net/http_date.hpp"
#include "core/support/ascii.hpp"

#include <algorithm>
#include <cstddef>

namespace rcb {
namespace {

using std::chrono::seconds;

constexpr std::size_t kValueLimit = 64;
constexpr seconds kLongest = std::chrono::hours(24);

}  // namespace

std::optional<seconds> parseRetryAfter(std::string_view value, UnixTime now) {
  value = trimmed(value);
  if (value.empty() || value.size() > kValueLimit) return std::nullopt;
  if (std::all_of(value.begin(), value.end(), isDigit)) {
    seconds wait{0};
    for (const char c : value) wait = std::min(wait * 10 + seconds(c - '0'), kLongest);
    return wait;
  }
  const std::optional<UnixTime> date = parseHttpDate(value, now);
  if (!date) return std::nullopt;
  return std::clamp<seconds>(*date - now, seconds(0), kLongest);
}

}  // namespace rcb
