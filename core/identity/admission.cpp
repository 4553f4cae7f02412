#include "core/identity/admission.hpp"

#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/glob.hpp"

#include <algorithm>
#include <cstddef>

namespace rcb {
namespace {

// A claim is shown only if it looks like a name: the token's author may have put another token into it.
std::string shownName(const std::string& name) {
  constexpr std::size_t kLongest = 253;
  const auto isPart = [](char c) { return isLower(c) || isDigit(c) || c == '-' || c == '.'; };
  return name.size() <= kLongest && std::ranges::all_of(name, isPart) ? name : "(not shown)";
}

// Audiences are words or URIs. A run of twenty letters and digits is more likely a key.
std::string shownAudience(const std::string& audience) {
  constexpr std::size_t kLongest = 100;
  constexpr std::size_t kLongRun = 20;
  bool hasKey = false;
  for (auto begin = audience.begin(); begin != audience.end();) {
    const auto end = std::find_if_not(begin, audience.end(), isAlnum);
    hasKey = hasKey || (end - begin >= static_cast<std::ptrdiff_t>(kLongRun) && std::any_of(begin, end, isDigit));
    begin = end == audience.end() ? end : end + 1;
  }
  const bool isUri = audience.find("://") != std::string::npos;
  const bool looksRight = audience.size() <= kLongest && !hasKey && std::ranges::all_of(audience, [isUri](char c) {
                            return isLower(c) || isDigit(c) || isOneOf(c, "._:/-") || (isUri && isUpper(c));
                          });
  return looksRight ? audience : "(not shown)";
}

void requireUnexpired(const TokenClaims& claims, UnixTime now) {
  if (!claims.expiresAt) throw Error(ErrorCode::kTokenInvalid, "the service account token has no expiry (claim exp)");
  if (*claims.expiresAt > now) return;
  const auto ago = std::to_string((now - *claims.expiresAt).count());
  throw Error(ErrorCode::kTokenExpired, "the service account token expired " + ago + " s ago")
      .advise("compare the node's clock with the API server's");
}

void requireAudience(const TokenClaims& claims, const std::string& audience) {
  if (audience.empty()) return;
  if (std::find(claims.audiences.begin(), claims.audiences.end(), audience) != claims.audiences.end()) return;
  std::string list;
  for (const std::string& has : claims.audiences) list += (list.empty() ? "" : ", ") + shownAudience(has);
  throw Error(ErrorCode::kTokenAudience, "the service account token is for the audience \"" + list +
                                             "\", but the rule expects \"" + audience + "\"")
      .advise("set the rule's `audience` and the kubelet entry's serviceAccountTokenAudience to the same value");
}

void requireAllowed(const TokenClaims& claims, const std::vector<AllowEntry>& allow) {
  const bool allowed = std::any_of(allow.begin(), allow.end(), [&](const AllowEntry& entry) {
    return globMatches(entry.namespaceName, claims.namespaceName) &&
           globMatches(entry.serviceAccount, claims.serviceAccount);
  });
  if (allowed) return;
  throw Error(ErrorCode::kNotAllowed, "the rule does not allow the pod's service account")
      .with("serviceAccount", shownName(claims.namespaceName) + "/" + shownName(claims.serviceAccount))
      .advise("add the namespace and service account to the rule's `allow`");
}

// A name that the glob matches.
std::string exampleOf(std::string_view glob) {
  std::string name;
  for (const char c : glob) {
    if (c == '*') {
      name += "any";
    } else {
      name += c == '?' ? 'a' : c;
    }
  }
  return name;
}

}  // namespace

std::optional<TokenClaims> admit(const IdentityPolicy& policy, const Request& request, UnixTime now) {
  if (!policy.tokenRequired) return std::nullopt;
  if (request.serviceAccountToken.empty()) {
    const bool old = request.version != ApiVersion::kV1;
    throw Error(ErrorCode::kTokenMissing, "the rule requires a service account token, but the request has none")
        .advise(old ? "set the kubelet's provider entry to apiVersion credentialprovider.kubelet.k8s.io/v1 and add "
                      "tokenAttributes"
                    : "set tokenAttributes.requireServiceAccount: true in the kubelet's provider entry, or `identity: "
                      "none` "
                      "in the rule");
  }
  TokenClaims claims = parseTokenClaims(request.serviceAccountToken.reveal());
  requireUnexpired(claims, now);
  requireAudience(claims, policy.audience);
  if (claims.namespaceName.empty() || claims.serviceAccount.empty()) {
    throw Error(ErrorCode::kTokenInvalid, "the service account token does not name a service account (claim sub)");
  }
  if (policy.allow) requireAllowed(claims, *policy.allow);
  return claims;
}

AllowEntry exampleAccount(const IdentityPolicy& policy) {
  if (!policy.allow || policy.allow->empty()) return {"default", "default"};
  const AllowEntry& first = policy.allow->front();
  return {exampleOf(first.namespaceName), exampleOf(first.serviceAccount)};
}

}  // namespace rcb
