// The kubelet's question: one CredentialProviderRequest on stdin (KEP-2133, KEP-4412).
#pragma once

#include "core/protocol/image_reference.hpp"
#include "core/support/secret.hpp"

#include <cstddef>
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

// Throws Error of kind kBadRequest with a code that says which rule is broken; never quotes a token, in whatever member it is. Members that a version does not
// define are passed over: Kubernetes may add some to a version that exists, and a node's upgrade must not stop its pulls (deprecation policy,
// rule 1). So v1beta1 and v1alpha1 have no identity, whatever the request holds.
Request parseRequest(std::string_view json);

}  // namespace rcb
