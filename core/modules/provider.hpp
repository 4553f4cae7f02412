// What the rest of core sees of a provider, built in or loaded: a description and one call.
#pragma once

#include "core/dispatch/cache_duration.hpp"
#include "core/identity/token_claims.hpp"
#include "core/net/http_client.hpp"
#include "core/observe/log.hpp"
#include "core/settings/setting_spec.hpp"
#include "core/support/deadline.hpp"
#include "core/support/secret.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

struct ProviderRequest {
  std::string image;
  std::string registry;
  const Secret* token = nullptr;                              // null: the rule needs none
  const TokenClaims* claims = nullptr;                        // of the token
  std::vector<std::pair<std::string, std::string>> settings;  // resolved
};

struct IssuedCredential {
  std::string username;
  Secret password;
  Expiry expiry;
};

// The services that the host lends to a provider for one call. All of them are seams: tests and `explain` put their own in.
struct ProviderServices {
  HttpClient& http;
  const Log& log;
  Deadline deadline;
  std::function<UnixTime()> now;
  std::function<Secret(const std::string& path)> readFile;  // throws Error
};

class Provider {
 public:
  virtual ~Provider() = default;
  virtual const ProviderDescription& description() const = 0;

  // The credential. Throws Error: whatever a service threw, or what the module reported. A life that is bounded by the service account
  // token's own (the password is that token) is already cut to it.
  virtual IssuedCredential provide(const ProviderRequest& request, const ProviderServices& services) const = 0;
};

}  // namespace rcb
