// Service accounts and their tokens, as a kubelet asks for them (TokenRequest API).
#pragma once

#include "core/cluster/api_client.hpp"
#include "core/cluster/pod_list.hpp"
#include "core/support/secret.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

struct ServiceAccount {
  std::vector<std::pair<std::string, std::string>> annotations;  // as written
  std::vector<std::string> pullSecrets;                          // names
};

// Checks types only; what is not as expected is left out.
ServiceAccount readServiceAccount(const Json& object);

// The answer to GET of this account; 404 if there is none. readServiceAccount() reads a success.
ApiAnswer getServiceAccount(ApiClient& api, const std::string& namespaceName, const std::string& name);

// Asks for a token that is bound to this pod, as the kubelet does for a plugin: one audience, and the API server's own lifetime. The node may ask for
// pods that it runs, only. readToken() reads a success.
ApiAnswer requestToken(ApiClient& api, const Pod& pod, const std::string& audience);

// Empty if the answer has none.
Secret readToken(const Json& tokenRequest);

// The facts of a token that the program's own claims leave out (identity/token_claims.hpp).
struct TokenOrigin {
  std::string issuer;  // printable; empty if there is none
  std::string keyId;
};

// Of a JWT as the API server writes it. Empty fields where it is none. At most 64 KiB.
TokenOrigin parseTokenOrigin(std::string_view jwt);

}  // namespace rcb
