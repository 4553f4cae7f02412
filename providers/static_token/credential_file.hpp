// The credential for a registry in a file that another program wrote: a kubelet CredentialProviderResponse, a docker config.json, or the .dockercfg
// that came before it.
#pragma once

#include <rcb/provider.hpp>

#include <string_view>

namespace rcb::static_token {

struct FileCredential {
  std::string_view username;
  std::string_view password;
};

// A response is known by its kind, and its key must be the registry itself. In a docker config the registry may be written as docker and others
// write it, but neither with a path, whose images the answer would not be limited to, nor with http://, as no registry is asked without TLS.
// `auth` counts before `username` and `password`; credential helpers and identity tokens do not count. Throws Failure(kBadSettings), saying what the
// file has instead. Both texts are the host's, who judges them when they are emitted.
FileCredential findCredential(std::string_view content, const sdk::Request& request, const sdk::Host& host);

}  // namespace rcb::static_token
