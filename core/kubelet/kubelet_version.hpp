// The version of a kubelet, as far as its provider file (CredentialProviderConfig) depends on it.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// The minor version of Kubernetes 1.
struct KubeletVersion {
  int minor = 0;

  auto operator<=>(const KubeletVersion&) const = default;
  std::string text() const;  // "1.34"

  // Since kubernetes#128062 an unknown or duplicate field of the file stops the kubelet; before, it is ignored.
  bool decodesStrictly() const { return minor >= 32; }
  // Service account tokens for plugins (KEP-4412): in 1.33 behind the feature gate KubeletServiceAccountTokenForCredentialProviders.
  bool knowsTokenAttributes() const;
  bool needsTokenGate() const { return minor == 33; }
  // tokenAttributes.cacheType: unknown to 1.33, required since.
  bool needsCacheType() const;
  // --image-credential-provider-config may name a folder (kubernetes#131658).
  bool readsFolders() const { return minor >= 34; }
};

inline constexpr KubeletVersion kTokensSince{33};
inline constexpr KubeletVersion kCacheTypeSince{34};

inline bool KubeletVersion::knowsTokenAttributes() const { return *this >= kTokensSince; }
inline bool KubeletVersion::needsCacheType() const { return *this >= kCacheTypeSince; }

// The versions whose rules are known: kubelet.config.k8s.io/v1 is served since 1.26. A later version is taken for the newest.
inline constexpr KubeletVersion kOldestKubelet{26};
inline constexpr KubeletVersion kNewestKubelet{37};

// "1.34", "1.34.4", "v1.34.4+k3s1", "v1.33.5-eks-113cf36". No value for anything else.
std::optional<KubeletVersion> parseKubeletVersion(std::string_view text);

}  // namespace rcb
