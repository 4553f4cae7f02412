// `matchImages` exactly as the kubelet's own functions treat it (k8s.io/kubernetes pkg/credentialprovider, v1.33 to v1.37): equal number
// of host labels, '*' within one label, equal port, path a plain string prefix. tests/core/dispatch/vectors holds what the kubelet
// answered; every row must agree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

struct HostPattern {
  std::string text;                 // as written
  std::vector<std::string> labels;  // of the host, in order; '*' stands for any run of characters within one
  std::string port;                 // empty: the pattern has none, and matches only images without one
  std::string path;                 // empty, or beginning with '/'
};

// Why something is wrong with a pattern, as one clause.
struct PatternProblem {
  std::string reason;
};

// The pattern; or nothing, with the reason in `problem`, where the kubelet would refuse it in its configuration.
std::optional<HostPattern> parseHostPattern(std::string_view text, PatternProblem* problem = nullptr);

// Why a pattern that the kubelet accepts still cannot mean what its author hopes (a glob in the path, a scheme, a host that no kubelet asks
// for …), or nothing. A pattern without such a problem matches at least one image. The broker's file refuses the others.
std::optional<PatternProblem> findPatternProblem(const HostPattern& pattern);

// Whether the kubelet would call a provider with this pattern for this image name, and use a key of this text for it. An image that is no
// URL matches nothing.
bool matchesImage(const HostPattern& pattern, std::string_view image);

// The same for an image that parseHostPattern has taken apart, for when one image meets many patterns.
bool matchesParsedImage(const HostPattern& pattern, const HostPattern& image);

}  // namespace rcb
