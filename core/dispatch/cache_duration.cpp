#include "core/dispatch/cache_duration.hpp"

#include <algorithm>

namespace rcb {

std::chrono::seconds cacheDuration(Expiry expiry, UnixTime now, std::chrono::seconds cap) {
  using std::chrono::seconds;
  cap = std::max(cap, seconds(0));
  if (expiry.kind == Expiry::Kind::kUnknown) return seconds(0);
  if (expiry.kind == Expiry::Kind::kNever) return std::min(cap, kStandingCredentialCache);
  if (expiry.at <= now) return seconds(0);
  // Unsigned, as the difference of two arbitrary times need not fit; and no life that matters is longer than ten years.
  constexpr std::uint64_t kLongest = 10ull * 365 * 24 * 3600;
  const auto count = [](UnixTime time) { return static_cast<std::uint64_t>(time.time_since_epoch().count()); };
  const seconds life(std::min(count(expiry.at) - count(now), kLongest));
  // The tenth is rounded up, so that the whole stays at or below the exact value.
  const seconds margin = std::max(seconds(60), (life + seconds(9)) / 10);
  return std::clamp(life - margin, seconds(0), cap);
}

}  // namespace rcb
