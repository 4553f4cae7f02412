// `matchImages` exactly as the kubelet matches it (k8s.io/kubernetes pkg/credentialprovider, v1.33 to v1.37): equal number of host labels, '*'
// within one label, equal port, and the path as a plain string prefix. tests/core/dispatch/vectors contains the kubelet's answers; a test requires
// that every row agrees.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

struct HostPattern {
  std::string text;                 // as written
  std::vector<std::string> labels;  // of the host, in order; '*' matches any run of characters within a label
  std::string port;                 // empty: the pattern has none, and matches only images without one
  std::string path;                 // empty, or beginning with '/'
};

// Why a pattern is not valid, as one clause.
struct PatternProblem {
  std::string reason;
};

// The pattern. No value, with the reason in `problem`, if the kubelet would refuse it in its configuration.
std::optional<HostPattern> parseHostPattern(std::string_view text, PatternProblem* problem = nullptr);

// Why a pattern that the kubelet accepts is refused in a broker file: it cannot mean what its author expects (a wildcard in the path, a scheme, a
// host that no kubelet asks for …). No value if it is accepted; such a pattern matches at least one image.
std::optional<PatternProblem> findPatternProblem(const HostPattern& pattern);

// Whether the kubelet would run a plugin with this pattern for the image, or use a key of a response with this string for it. False if the image is
// not a URL to Go.
bool matchesImage(const HostPattern& pattern, std::string_view image);

// The same for an image that parseHostPattern has parsed, to match one image against many patterns.
bool matchesParsedImage(const HostPattern& pattern, const HostPattern& image);

}  // namespace rcb
