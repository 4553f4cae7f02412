// How long the kubelet may keep an answer: never as long as the credential lives, never rounded to hours, never absent.
#pragma once

#include "core/support/deadline.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace rcb {

// When a credential ends.
struct Expiry {
  enum class Kind { kUnknown, kNever, kAt };
  Kind kind = Kind::kUnknown;
  UnixTime at{};  // if kAt
};

// What a standing password is cached for: short enough that a rotated file is noticed, long enough to spare a busy node the process.
inline constexpr std::chrono::seconds kStandingCredentialCache{300};

// min(cap, life − max(60 s, life/10)) in whole seconds, 0 inside the margin or if the end is unknown; min(cap, kStandingCredentialCache) if
// there is no end. Any value of `at` is safe.
std::chrono::seconds cacheDuration(Expiry expiry, UnixTime now, std::chrono::seconds cap);

}  // namespace rcb
