// The credential for a registry in a file that another program wrote: a kubelet CredentialProviderResponse, or a docker config.json.
#pragma once

#include <rcb/provider.hpp>

#include <string_view>

namespace rcb::static_token {

struct FileCredential {
  std::string_view username;
  std::string_view password;
};

// A response is known by its kind, and its key must be the registry itself. In a docker config's `auths` the registry may be written as docker
// and others write it; `auth` counts before `username` and `password`, and credential helpers and identity tokens do not count. Throws
// Failure(kBadSettings). The texts are the host's.
FileCredential findCredential(std::string_view content, std::string_view registry, const sdk::Host& host);

}  // namespace rcb::static_token
