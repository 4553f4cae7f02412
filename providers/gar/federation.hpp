// What the pod's token is exchanged for: the settings of a rule, or what a file of gcloud describes.
#pragma once

#include <rcb/provider.hpp>

#include <chrono>
#include <string_view>

namespace rcb::gar {

// RFC 8693 section 3.
inline constexpr std::string_view kJwt = "urn:ietf:params:oauth:token-type:jwt";

struct Federation {
  std::string_view audience;                 // the provider in the workload identity pool
  std::string_view subjectTokenType = kJwt;  // how the provider is to read the pod's token
  std::string_view serviceAccount;           // to impersonate; empty: none
  std::chrono::seconds lifetime{3600};       // of the service account's access token; Google's default
};

// The federation that the settings describe. All strings are the host's. Throws Failure (kBadSettings) for what the table cannot refuse: a lifetime
// that Google does not grant, hosts of two universes, and a file that readExternalAccount() refuses. Needs no token.
Federation federationOf(const sdk::Request& request, const sdk::Host& host);

}  // namespace rcb::gar
