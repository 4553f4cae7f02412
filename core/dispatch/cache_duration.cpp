#include "core/dispatch/cache_duration.hpp"

#include <algorithm>

namespace rcb {

std::chrono::seconds cacheDuration(Expiry expiry, UnixTime now, std::chrono::seconds cap) {
  using std::chrono::seconds;
  cap = std::max(cap, seconds(0));
  if (expiry.kind == Expiry::Kind::kUnknown) return seconds(0);
  if (expiry.kind == Expiry::Kind::kNever) return std::min(cap, kStandingCredentialCache);
  if (expiry.at <= now) return seconds(0);
  // No life that matters is longer than this, and the difference of two arbitrary times may not fit.
  constexpr seconds kLongest = std::chrono::hours(24 * 365 * 10);
  const seconds life = expiry.at > now + kLongest ? kLongest : expiry.at - now;
  // The tenth is rounded up, so that the whole stays at or below the exact value.
  const seconds margin = std::max(seconds(60), (life + seconds(9)) / 10);
  return std::clamp(life - margin, seconds(0), cap);
}

}  // namespace rcb
