// A cluster's identity service: issues service account tokens as an API server does, and publishes the key to verify them with where OIDC
// says that it is found.
#pragma once

#include "core/support/deadline.hpp"
#include "tests/support/signing_key.hpp"
#include "tests/support/tls_server.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace rcb::test {

// What the kubelet asks the TokenRequest API for.
struct TokenRequest {
  std::string namespaceName;
  std::string serviceAccount;
  std::vector<std::string> audiences;
  std::chrono::seconds life = std::chrono::hours(1);  // not positive: has already expired
};

class IdentityService {
 public:
  IdentityService(std::string issuer, SigningKey key) : issuer_(std::move(issuer)), key_(std::move(key)) {}

  const VerificationKey& key() const { return key_.publicKey(); }
  void writeKeyFile(const std::string& path) const { key_.writePemFile(path); }

  // A token bound to a pod of its own.
  std::string issue(const TokenRequest& request, UnixTime now) const;

  // GET /.well-known/openid-configuration and /openid/v1/jwks.
  ServerReply answer(const ServerRequest& request) const;

 private:
  std::string issuer_;
  SigningKey key_;
};

}  // namespace rcb::test
