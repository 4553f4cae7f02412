// How long the kubelet may keep an answer: never as long as the credential is valid, never rounded to hours, never absent.
#pragma once

#include "core/support/deadline.hpp"

#include <chrono>

namespace rcb {

// When a credential expires.
struct Expiry {
  enum class Kind { kUnknown, kNever, kAt };
  Kind kind = Kind::kUnknown;
  UnixTime at{};  // if kAt
  // If kAt: what the issuer's own clock left of it, the most that it can be good for. A node's clock that is slow sees the expiry in a future
  // that is too far away; this difference of two of the issuer's times does not depend on the node's clock.
  std::chrono::seconds longest = std::chrono::seconds::max();
};

// Of two statements about one credential what holds if both do: the earlier expiry and the shorter lifetime. An unknown expiry stays unknown.
Expiry sooner(const Expiry& left, const Expiry& right);

// What a long-lived password is cached for: short enough that a rotated file is noticed, long enough to spare a busy node the process.
inline constexpr std::chrono::seconds kStandingCredentialCache{300};

// min(cap, lifetime − max(60 s, lifetime/10)) in whole seconds, where lifetime is min(at − now, longest); 0 inside the margin or if the expiry is
// unknown; min(cap, kStandingCredentialCache) if there is none. Any value of `at` and `longest` is safe.
std::chrono::seconds cacheDuration(const Expiry& expiry, UnixTime now, std::chrono::seconds cap);

}  // namespace rcb
