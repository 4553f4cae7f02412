// The claims of a service account token. They are read without verification: fit for routing, early refusals and cache durations, but never proof of
// an identity. The exchange or the registry verifies the token.
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
  std::string namespaceName;   // from the claim kubernetes.io, else from the subject; empty if in neither
  std::string serviceAccount;  // the same for the service account's name
};

// Throws Error(kTokenInvalid), also for more than 64 KiB. The message never quotes the token.
TokenClaims parseTokenClaims(std::string_view jwt);

// The expiry of any JWT, such as an issued credential: `exp`, with `exp` − `iat` as the longest lifetime. Without a valid `iat`, `nbf` takes its
// place; without both there is no such limit. Unknown if the string is not a JWT or has no valid `exp`.
Expiry jwtExpiry(std::string_view jwt);

}  // namespace rcb
