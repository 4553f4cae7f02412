#include "core/identity/admission.hpp"

#include "core/support/error.hpp"
#include "core/support/glob.hpp"

#include <algorithm>

namespace rcb {
namespace {

void requireUnexpired(const TokenClaims& claims, UnixTime now) {
  if (!claims.expiresAt) throw Error(ErrorCode::kTokenInvalid, "the service account token says not when it expires");
  if (*claims.expiresAt > now) return;
  const auto ago = std::to_string((now - *claims.expiresAt).count());
  throw Error(ErrorCode::kTokenExpired, "the service account token expired " + ago + " s ago")
      .advise("compare the node's clock with the API server's");
}

void requireAudience(const TokenClaims& claims, const std::string& audience) {
  if (audience.empty()) return;
  if (std::find(claims.audiences.begin(), claims.audiences.end(), audience) != claims.audiences.end()) return;
  std::string list;
  for (const std::string& has : claims.audiences) list += (list.empty() ? "" : ", ") + has;
  throw Error(ErrorCode::kTokenAudience,
              "the service account token is for the audience \"" + list + "\", the rule wants \"" + audience + "\"")
      .advise("make the rule's `audience` and the kubelet entry's serviceAccountTokenAudience equal");
}

void requireAllowed(const TokenClaims& claims, const std::vector<AllowEntry>& allow) {
  const bool allowed = std::any_of(allow.begin(), allow.end(), [&](const AllowEntry& entry) {
    return globMatches(entry.namespaceName, claims.namespaceName) &&
           globMatches(entry.serviceAccount, claims.serviceAccount);
  });
  if (allowed) return;
  throw Error(ErrorCode::kNotAllowed, "the rule does not allow the pod's service account")
      .with("serviceAccount", claims.namespaceName + "/" + claims.serviceAccount)
      .advise("add the namespace and service account to the rule's `allow`");
}

}  // namespace

std::optional<TokenClaims> admit(const IdentityPolicy& policy, const Request& request, UnixTime now) {
  if (!policy.tokenRequired) return std::nullopt;
  if (request.serviceAccountToken.empty()) {
    const bool old = request.version != ApiVersion::kV1;
    throw Error(ErrorCode::kTokenMissing, "the rule needs a service account token and the request has none")
        .advise(old ? "set the kubelet's provider entry to apiVersion credentialprovider.kubelet.k8s.io/v1 and give it "
                      "tokenAttributes"
                    : "give the kubelet's provider entry tokenAttributes with requireServiceAccount: true, or the rule "
                      "`identity: none`");
  }
  TokenClaims claims = parseTokenClaims(request.serviceAccountToken.reveal());
  requireUnexpired(claims, now);
  requireAudience(claims, policy.audience);
  if (claims.namespaceName.empty() || claims.serviceAccount.empty()) {
    throw Error(ErrorCode::kTokenInvalid, "the service account token names no service account");
  }
  if (policy.allow) requireAllowed(claims, *policy.allow);
  return claims;
}

}  // namespace rcb
