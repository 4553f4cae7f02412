// What an issuer of tokens publishes (OpenID Connect Discovery 1.0, RFC 7517), as a registry that verifies service account tokens reads it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rcb {

struct IssuerMetadata {
  std::string issuer;   // printable
  std::string keysUrl;  // jwks_uri; printable
};

struct IssuerKey {
  std::string id;    // kid; printable; may be empty
  std::string type;  // kty
};

// Why a document is not what it should be, as in "it is not valid JSON".
struct DocumentFault {
  std::string reason;
};

// /.well-known/openid-configuration
std::variant<IssuerMetadata, DocumentFault> parseIssuerMetadata(std::string_view json);

// The key set. At most 1000 keys.
std::variant<std::vector<IssuerKey>, DocumentFault> parseIssuerKeys(std::string_view json);

// Why other machines can hardly reach this host: a name that only a cluster resolves, or an address of a private network. Empty if nothing says so.
std::string whyInternal(const std::string& host);

}  // namespace rcb
