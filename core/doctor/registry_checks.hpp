// Asks a registry for an image's manifest with a credential, as a container runtime does (Docker Registry v2 authentication). No blob is pulled, and
// mirrors that the runtime may be configured with are not looked at.
#pragma once

#include "core/doctor/diagnosis.hpp"
#include "core/doctor/registry_image.hpp"
#include "core/net/http_client.hpp"
#include "core/support/deadline.hpp"
#include "core/support/secret.hpp"

#include <string>
#include <string_view>

namespace rcb {

struct RegistryLogin {
  std::string username;
  Secret password;
};

// The token in the answer of a registry's token endpoint. Empty if there is none.
Secret parseRegistryToken(std::string_view json);

// Adds one finding each for "registry" (it is one, and its token endpoint takes the credential) and "manifest" (the image is there and may be
// pulled). `login` may be null: there is no credential. Throws nothing that the network does.
void checkRegistry(Diagnosis& diagnosis, HttpClient& http, const RegistryImage& image, const RegistryLogin* login,
                   const Deadline& deadline);

}  // namespace rcb
