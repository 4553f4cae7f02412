// JSON Web Tokens (RFC 7519) signed and verified for real: the oracle that the program under test cannot talk round.
#pragma once

#include "core/support/deadline.hpp"
#include "core/support/json.hpp"
#include "tests/support/signing_key.hpp"

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rcb::test {

// A token with these claims (a JSON object). `certificateChain` becomes the header's x5c: base64 of DER, leaf first; without one the header
// names the key.
std::string signToken(const SigningKey& key, std::string_view claims,
                      const std::vector<std::string>& certificateChain = {});

struct TokenRules {
  std::string issuer;
  std::string audience;
  UnixTime now;
  bool expiryRequired = true;
};

// Why a token is not accepted, in a form that may be sent to the client.
struct TokenProblem {
  std::string reason;
};

// The claims of a token that one of the keys signed, with that key's own algorithm, and that is for us and valid now; no leeway.
std::variant<Json, TokenProblem> verifyToken(std::string_view token, std::span<const VerificationKey> keys,
                                             const TokenRules& rules);

// The text of a claim, or empty.
std::string claimText(const Json& claims, std::string_view pointer);

}  // namespace rcb::test
