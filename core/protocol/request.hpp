// The kubelet's question: one CredentialProviderRequest on stdin (KEP-2133, KEP-4412).
#pragma once

#include "core/protocol/image_reference.hpp"
#include "core/support/secret.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

// Versions of credentialprovider.kubelet.k8s.io that we speak. Only v1 carries an identity.
enum class ApiVersion { kV1, kV1Beta1, kV1Alpha1 };

// "credentialprovider.kubelet.k8s.io/v1" …
std::string_view apiVersionName(ApiVersion version);

struct Request {
  ApiVersion version = ApiVersion::kV1;
  ImageReference image;
  Secret serviceAccountToken;  // empty if the request has none
  std::vector<std::pair<std::string, std::string>>
      annotations;  // of the service account, as the kubelet chose to pass them
};

inline constexpr std::size_t kRequestLimit = std::size_t{1} << 20;

// Throws Error of kind kBadRequest with a code that says which rule is broken; never quotes the token. Unknown members are errors, as in the
// kubelet's own strict decoding; identity members in a v1beta1 or v1alpha1 request are unknown members.
Request parseRequest(std::string_view json);

}  // namespace rcb
