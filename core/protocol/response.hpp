// The response: one CredentialProviderResponse on stdout, in the version of the request, as the kubelet's strict decoder requires it.
#pragma once

#include "core/protocol/request.hpp"
#include "core/support/secret.hpp"

#include <chrono>
#include <string>

namespace rcb {

// The scope of a response in the kubelet's cache. Global is never right for a broker of several registries.
enum class CacheKeyType { kImage, kRegistry };

struct Response {
  ApiVersion version = ApiVersion::kV1;
  CacheKeyType cacheKeyType = CacheKeyType::kRegistry;
  std::chrono::seconds cacheDuration{0};  // always written, also "0s", or the kubelet would use its default
  std::string key;                        // the one key of `auth`
  std::string username;
  Secret password;
};

// One JSON object and a line feed, in memory that is wiped.
Secret serialiseResponse(const Response& response);

}  // namespace rcb
