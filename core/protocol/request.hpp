// The kubelet's request: one CredentialProviderRequest on stdin (KEP-2133, KEP-4412).
#pragma once

#include "core/protocol/image_reference.hpp"
#include "core/support/secret.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

// The supported versions of credentialprovider.kubelet.k8s.io. Only v1 carries an identity.
enum class ApiVersion { kV1, kV1Beta1, kV1Alpha1 };

// "credentialprovider.kubelet.k8s.io/v1" …
std::string_view apiVersionName(ApiVersion version);

struct Request {
  ApiVersion version = ApiVersion::kV1;
  ImageReference image;
  Secret serviceAccountToken;  // empty if the request has none
  std::vector<std::pair<std::string, std::string>>
      annotations;  // of the service account; only those that the kubelet's entry lists
};

inline constexpr std::size_t kRequestLimit = std::size_t{1} << 20;

// Throws Error of kind kBadRequest, with a code for the kind of fault. The message never quotes a token, whichever member it is in. Members that a
// version does not define are ignored: Kubernetes may add members to an existing version, and the upgrade of a node must not stop its pulls
// (deprecation policy, rule 1). So a request of v1beta1 or v1alpha1 has no identity, whatever its members are.
Request parseRequest(std::string_view json);

}  // namespace rcb
