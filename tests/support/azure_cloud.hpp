// Microsoft Entra and Azure container registries as their clients see them, behind one server. Every token that they are given is really verified.
//
//   POST /{tenant}/oauth2/v2.0/token  a service account token for an access token of an application that has a federated credential for it
//   GET /v2/                          a registry's challenge
//   POST /oauth2/exchange             an access token for the refresh token of the registry that the header Host names
#pragma once

#include "core/support/deadline.hpp"
#include "core/support/json.hpp"
#include "tests/support/json_web_token.hpp"
#include "tests/support/request_parts.hpp"
#include "tests/support/signing_key.hpp"
#include "tests/support/tls_server.hpp"

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rcb::test {

class AzureCloud {
 public:
  struct Options {
    std::string issuer;  // of the service account tokens
    std::function<std::vector<VerificationKey>()> issuerKeys;
    std::function<UnixTime()> now;
  };
  AzureCloud(Options options, SigningKey key) : options_(std::move(options)), key_(std::move(key)) {}

  static constexpr const char* kTenant = "11111111-2222-3333-4444-555555555555";
  static constexpr const char* kTenantDomain = "contoso.onmicrosoft.com";
  // Applications of the tenant. All but the second have a federated credential for kSubject and kAudience.
  static constexpr const char* kPuller = "aaaaaaaa-0000-0000-0000-000000000001";        // may pull
  static constexpr const char* kNotFederated = "aaaaaaaa-0000-0000-0000-000000000002";  // has no federated credential
  static constexpr const char* kWithoutRole = "aaaaaaaa-0000-0000-0000-000000000003";   // has no role on any registry
  static constexpr const char* kThrottled = "aaaaaaaa-0000-0000-0000-000000000004";     // is answered with 429
  static constexpr const char* kSubject = "system:serviceaccount:team-a:puller";
  static constexpr const char* kAudience = "api://AzureADTokenExchange";
  static constexpr const char* kUser = "00000000-0000-0000-0000-000000000000";  // whose password a refresh token is
  static constexpr const char* kScope = "https://containerregistry.azure.net/.default";

  // Whether a request to this path is for it.
  static bool serves(std::string_view path);
  ServerReply answer(const ServerRequest& request);
  // Whether it is a refresh token of the registry with this login server, and has not expired.
  bool accepts(const std::string& loginServer, const std::string& token) const;

  // All tokens issued so far, in order: access tokens and refresh tokens.
  std::vector<std::string> issued() const;
  const VerificationKey& key() const { return key_.publicKey(); }

 private:
  ServerReply answerEntra(const ServerRequest& request, const std::string& tenant);
  ServerReply answerExchange(const ServerRequest& request);
  std::string issue(const std::string& claims);

  Options options_;
  SigningKey key_;
  mutable std::mutex mutex_;
  std::vector<std::string> issued_;
};

}  // namespace rcb::test
