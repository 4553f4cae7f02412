// The checks between a rule and a pod's identity, before any byte leaves the node: token present, not expired, for the rule's audience, from
// a service account that the rule's allow list names. No rule ever falls back to another identity.
#pragma once

#include "core/identity/token_claims.hpp"
#include "core/protocol/request.hpp"
#include "core/support/deadline.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rcb {

// One line of a rule's allow list. Both names are globs (core/support/glob.hpp) and both must match.
struct AllowEntry {
  std::string namespaceName;
  std::string serviceAccount;
};

struct IdentityPolicy {
  bool tokenRequired = true;                     // `identity: serviceAccount`
  std::string audience;                          // empty: any
  std::optional<std::vector<AllowEntry>> allow;  // absent: whoever the kubelet asks for
};

// The claims of the request's token, or nothing if the policy needs none. A token is expired from its `exp` on. There is no leeway: the
// kubelet renews tokens long before their end, so a node's clock that is a minute off refuses nothing.
// Throws Error: kTokenMissing, kTokenInvalid, kTokenExpired, kTokenAudience, kNotAllowed.
std::optional<TokenClaims> admit(const IdentityPolicy& policy, const Request& request, UnixTime now);

}  // namespace rcb
