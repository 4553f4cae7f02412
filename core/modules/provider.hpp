// The interface of a provider, built in or loaded: a description and one call.
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
  const Secret* token = nullptr;                              // null if the rule has `identity: none`
  const TokenClaims* claims = nullptr;                        // of the token; null without one
  std::vector<std::pair<std::string, std::string>> settings;  // resolved
};

struct IssuedCredential {
  std::string username;
  Secret password;
  Expiry expiry;
  bool forImageOnly = false;  // it may not be used for another image of the registry
};

// The services that the host offers to a provider during one call. Tests and `explain` replace them.
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

  // Returns if the provider accepts the settings of the request. It sees the claims of the pod's token only, and sends no requests. Throws Error.
  virtual void check(const ProviderRequest& request, const ProviderServices& services) const = 0;

  // Checks, then returns the credential. Throws Error: from a service, or as reported by the module. If the password is the service account token,
  // its expiry is already limited to that of the token.
  virtual IssuedCredential provide(const ProviderRequest& request, const ProviderServices& services) const = 0;
};

}  // namespace rcb
