// Finds the credential for a registry in a file that another program wrote: a kubelet CredentialProviderResponse, a docker config.json, or its
// predecessor .dockercfg.
#pragma once

#include <rcb/provider.hpp>

#include <string_view>

namespace rcb::static_token {

struct FileCredential {
  std::string_view username;
  std::string_view password;
};

// A CredentialProviderResponse is recognized by its kind, and its key must be the registry itself. In a docker config, the key may have any form that
// docker and other tools write, except with a path, because the answer would not be limited to that path, or with http://, because registries are
// only used with TLS. `auth` takes precedence over `username` and `password`. Credential helpers and identity tokens are not used. Throws
// Failure(kBadSettings) with what the file contains instead. Both strings belong to the host, which checks them when they are emitted.
FileCredential findCredential(std::string_view content, const sdk::Request& request, const sdk::Host& host);

}  // namespace rcb::static_token
