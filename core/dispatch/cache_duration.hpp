// How long the kubelet may cache an answer. Always less than the credential's remaining lifetime, and exact to the second.
#pragma once

#include "core/support/deadline.hpp"

#include <chrono>

namespace rcb {

// When a credential expires.
struct Expiry {
  enum class Kind { kUnknown, kNever, kAt };
  Kind kind = Kind::kUnknown;
  UnixTime at{};  // if kAt
  // If kAt: the credential's lifetime by the issuer's clock, an upper bound. To a node whose clock is slow the expiry seems too far away; the
  // difference of two of the issuer's times does not depend on the node's clock.
  std::chrono::seconds longest = std::chrono::seconds::max();
};

// Combines two statements about one credential: the earlier expiry and the shorter lifetime. An unknown expiry stays unknown.
Expiry sooner(const Expiry& left, const Expiry& right);

// The cache duration of a long-lived password: short enough that a rotated file takes effect, long enough to save a busy node most runs.
inline constexpr std::chrono::seconds kLongLivedCredentialCache{300};

// min(cap, lifetime − max(60 s, lifetime/10)) in whole seconds, where lifetime is min(at − now, longest). 0 within the margin or if the expiry is
// unknown; min(cap, kLongLivedCredentialCache) if the credential never expires. No value of `at` or `longest` overflows.
std::chrono::seconds cacheDuration(const Expiry& expiry, UnixTime now, std::chrono::seconds cap);

}  // namespace rcb
