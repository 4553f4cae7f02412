// Our answer: one CredentialProviderResponse on stdout, in the version asked, as the kubelet's strict decoder wants it.
#pragma once

#include "core/protocol/request.hpp"
#include "core/support/secret.hpp"

#include <chrono>
#include <string>

namespace rcb {

// What the kubelet's cache treats as one entry. Global is never right for a broker of several registries.
enum class CacheKeyType { kImage, kRegistry };

struct Response {
  ApiVersion version = ApiVersion::kV1;
  CacheKeyType cacheKeyType = CacheKeyType::kRegistry;
  std::chrono::seconds cacheDuration{0};  // always written, "0s" included, or the kubelet would use its own default
  std::string key;                        // the one key of `auth`
  std::string username;
  Secret password;
};

// One JSON object and a line end, in memory that is wiped.
Secret serialiseResponse(const Response& response);

}  // namespace rcb
