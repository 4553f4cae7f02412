// The token endpoint of Docker Registry v2 authentication, with GET and with POST: a user's name and password bring a bearer token that
// allows what of the asked scopes the user may do. A real registry verifies that token by the certificate chain in its header.
#pragma once

#include "core/support/deadline.hpp"
#include "tests/support/signing_key.hpp"
#include "tests/support/tls_server.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rcb::test {

class RegistryTokenService {
 public:
  // The repositories that this user may pull ('*' stands for any run of characters), or nothing if the password is wrong.
  using Authenticate =
      std::function<std::optional<std::vector<std::string>>(const std::string& user, const std::string& password)>;

  struct Options {
    std::string service;                        // the registry's name in challenges, and the audience of bearer tokens
    std::vector<std::string> certificateChain;  // of the key; base64 of DER, leaf first
    Authenticate authenticate;
    std::function<UnixTime()> now;
  };
  RegistryTokenService(Options options, SigningKey key);

  static constexpr const char* kIssuer = "rcb-test-token-service";

  ServerReply answer(const ServerRequest& request) const;

 private:
  std::string issue(const std::string& user, const std::vector<std::string>& repositories,
                    const std::vector<std::string>& scopes) const;

  Options options_;
  SigningKey key_;
};

// The certificates of a PEM file as x5c wants them.
std::vector<std::string> readCertificateChain(const std::string& pemFile);

}  // namespace rcb::test
