// The kubelet's own file of plugins, --image-credential-provider-config: CredentialProviderConfig of kubelet.config.k8s.io (KEP-2133, KEP-4412).
#pragma once

#include "core/settings/problem.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

struct TokenAttributes {
  std::string audience;   // serviceAccountTokenAudience
  std::string cacheType;  // "ServiceAccount" or "Token"; empty before 1.34
  bool requireServiceAccount = true;
  std::vector<std::string> requiredAnnotationKeys = {};
  std::vector<std::string> optionalAnnotationKeys = {};
};

// One plugin.
struct ProviderEntry {
  std::string name;  // also the file name of the program in --image-credential-provider-bin-dir
  std::string apiVersion = "credentialprovider.kubelet.k8s.io/v1";
  std::vector<std::string> matchImages;
  std::string defaultCacheDuration = "0s";
  std::vector<std::string> args = {};
  std::vector<std::pair<std::string, std::string>> env = {};
  std::optional<TokenAttributes> tokenAttributes = {};
  // Where it was read.
  std::string file = {};
  std::string path = {};  // of the entry in the file: providers[1]
  Mark mark = {};
};

}  // namespace rcb
