// Keys of JSON Web Tokens: ES256 (ECDSA on P-256) and RS256 (RSA, PKCS #1 v1.5), both over SHA-256, as clusters and registries use them.
#pragma once

#include "core/support/json.hpp"

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb::test {

enum class SignatureAlgorithm { kEs256, kRs256 };

// "ES256" or "RS256".
std::string_view algorithmName(SignatureAlgorithm algorithm);

// The public half. Copies share one key.
class VerificationKey {
 public:
  VerificationKey(std::shared_ptr<EVP_PKEY> key, std::string id);
  // One element of a JWKS's `keys`; nothing if it is not one of our two kinds or is malformed.
  static std::optional<VerificationKey> fromJwk(const Json& jwk);

  // What Kubernetes makes of the key for `kid`: the SHA-256 of its DER form.
  const std::string& id() const { return id_; }
  SignatureAlgorithm algorithm() const;
  bool verifies(std::string_view message, std::string_view signature) const;
  std::string jwk() const;

 private:
  std::shared_ptr<EVP_PKEY> key_;
  std::string id_;
};

// A JSON Web Key Set (RFC 7517), written and read. Reading skips keys of other kinds.
std::string writeKeySet(std::span<const VerificationKey> keys);
std::vector<VerificationKey> readKeySet(std::string_view json);

class SigningKey {
 public:
  static SigningKey generate(SignatureAlgorithm algorithm);
  static SigningKey fromPemFile(const std::string& path);
  // With mode 0600.
  void writePemFile(const std::string& path) const;

  const VerificationKey& publicKey() const { return publicKey_; }
  // In the form of JWS: for ES256 the two numbers, 32 bytes each.
  std::string sign(std::string_view message) const;

 private:
  explicit SigningKey(std::shared_ptr<EVP_PKEY> key);

  std::shared_ptr<EVP_PKEY> key_;
  VerificationKey publicKey_;
};

}  // namespace rcb::test
