// The checks between a rule and a pod's identity, before any byte leaves the node: token present, not expired, for the rule's audience, from
// a service account that the rule's allow list names. Annotation values are checked here too. No rule ever falls back to another identity.
#pragma once

#include "core/identity/token_claims.hpp"
#include "core/protocol/request.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

// One line of a rule's allow list. '*' stands for any run of characters, '?' for one; both names must match.
struct AllowEntry {
  std::string namespaceName;
  std::string serviceAccount;
};

struct IdentityPolicy {
  bool tokenRequired = true;                     // `identity: serviceAccount`
  std::string audience;                          // empty: any
  std::optional<std::vector<AllowEntry>> allow;  // absent: whoever the kubelet asks for
};

// The claims of the request's token, or nothing if the policy needs none. `now` may be off by a minute against the issuer's clock.
// Throws Error: kTokenMissing, kTokenInvalid, kTokenExpired, kTokenAudience, kNotAllowed.
std::optional<TokenClaims> admit(const IdentityPolicy& policy, const Request& request, UnixTime now);

bool globMatches(std::string_view pattern, std::string_view text);

}  // namespace rcb
