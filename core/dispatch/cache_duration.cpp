#include "core/dispatch/cache_duration.hpp"

#include <algorithm>
#include <cstdint>

namespace rcb {

using std::chrono::seconds;

Expiry sooner(const Expiry& left, const Expiry& right) {
  if (left.kind == Expiry::Kind::kUnknown || right.kind == Expiry::Kind::kNever) return left;
  if (right.kind == Expiry::Kind::kUnknown || left.kind == Expiry::Kind::kNever) return right;
  return {Expiry::Kind::kAt, std::min(left.at, right.at), std::min(left.longest, right.longest)};
}

seconds cacheDuration(const Expiry& expiry, UnixTime now, seconds cap) {
  cap = std::max(cap, seconds(0));
  if (expiry.kind == Expiry::Kind::kUnknown) return seconds(0);
  if (expiry.kind == Expiry::Kind::kNever) return std::min(cap, kLongLivedCredentialCache);
  if (expiry.at <= now || expiry.longest <= seconds(0)) return seconds(0);
  // Unsigned, since the difference of two arbitrary times may overflow. Lifetimes beyond ten years make no difference.
  constexpr std::uint64_t kLongest = 10ull * 365 * 24 * 3600;
  const auto count = [](UnixTime time) { return static_cast<std::uint64_t>(time.time_since_epoch().count()); };
  const seconds byNode(std::min(count(expiry.at) - count(now), kLongest));
  const seconds lifetime = std::min(byNode, expiry.longest);
  // The margin is rounded up, so that the result is never above the exact value.
  const seconds margin = std::max(seconds(60), (lifetime + seconds(9)) / 10);
  return std::clamp(lifetime - margin, seconds(0), cap);
}

}  // namespace rcb
