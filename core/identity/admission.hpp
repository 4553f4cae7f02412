// Checks a pod's identity against a rule before any byte leaves the node: the token is present, not expired, for the rule's audience, and of a
// service account in the rule's allow list. A rule never falls back to another identity.
#pragma once

#include "core/identity/token_claims.hpp"
#include "core/protocol/request.hpp"
#include "core/support/deadline.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rcb {

// One entry of a rule's allow list. Both names are globs (core/support/glob.hpp), and both must match.
struct AllowEntry {
  std::string namespaceName;
  std::string serviceAccount;
};

struct IdentityPolicy {
  bool tokenRequired = true;                     // `identity: serviceAccount`
  std::string audience;                          // empty: any
  std::optional<std::vector<AllowEntry>> allow;  // absent: every service account
};

// The claims of the request's token; no value if the policy requires no token. A token is expired from its `exp` on, without leeway: the kubelet
// renews tokens long before that, so a clock that is a minute off refuses nothing.
// Throws Error: kTokenMissing, kTokenInvalid, kTokenExpired, kTokenAudience, kNotAllowed.
std::optional<TokenClaims> admit(const IdentityPolicy& policy, const Request& request, UnixTime now);

// A service account that the policy admits, for trying a rule: the first entry's, with names that its globs match.
AllowEntry exampleAccount(const IdentityPolicy& policy);

}  // namespace rcb
