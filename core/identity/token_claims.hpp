// What a service account token says about itself. Read without verifying it: good for routing, for refusing early and for arithmetic with its
// end, never as proof. The exchange at the other end verifies it.
#pragma once

#include "core/dispatch/cache_duration.hpp"
#include "core/support/deadline.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

struct TokenClaims {
  std::string subject;  // "system:serviceaccount:<namespace>:<name>"
  std::vector<std::string> audiences;
  std::optional<UnixTime> expiresAt;
  std::string namespaceName;   // from the claim kubernetes.io, else from the subject; empty if neither has it
  std::string serviceAccount;  // likewise
};

// Throws Error(kTokenInvalid) with what is missing; never quotes the token. At most 64 KiB.
TokenClaims parseTokenClaims(std::string_view jwt);

// When any JWT expires, such as an issued credential: at `exp`, and in any case `exp` − `iat` after it was issued. Without a usable `iat` it
// is `nbf` that bounds it; without either, nothing. Unknown if the text is not a JWT or has no usable `exp`.
Expiry jwtExpiry(std::string_view jwt);

}  // namespace rcb
