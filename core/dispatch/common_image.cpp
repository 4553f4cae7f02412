#include "core/dispatch/common_image.hpp"

#include "core/dispatch/label_glob.hpp"
#include "core/support/ascii.hpp"

#include <algorithm>
#include <cstddef>

namespace rcb {
namespace {

std::optional<std::string> commonHost(const HostPattern& left, const HostPattern& right) {
  // Without a port, a single label is a host only if it is this one or has an uppercase letter.
  const auto matchesLocalhost = [](const HostPattern& pattern) {
    return pattern.labels.size() == 1 && pattern.port.empty() && labelMatches(pattern.labels.front(), "localhost");
  };
  if (matchesLocalhost(left) && matchesLocalhost(right)) return "localhost";
  std::string host;
  for (std::size_t i = 0; i < left.labels.size(); ++i) {
    const auto label = commonLabel(left.labels[i], right.labels[i]);
    if (!label) return std::nullopt;
    host += (i == 0 ? "" : ".") + *label;
  }
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

// A path that the prefix matches: "/team/image" for "/team", "/team-image" for "/team-".
std::string pathBelow(const std::string& prefix) {
  const bool complete = prefix.empty() || !isOneOf(prefix.back(), "/._-");
  return prefix + (complete ? "/image" : "image");
}

}  // namespace

std::optional<std::string> commonImage(const HostPattern& left, const HostPattern& right) {
  const auto& [shorter, longer] =
      std::minmax(left.path, right.path, [](const auto& a, const auto& b) { return a.size() < b.size(); });
  if (left.port != right.port || left.labels.size() != right.labels.size() || !longer.starts_with(shorter))
    return std::nullopt;
  auto host = commonHost(left, right);
  if (!host) return std::nullopt;
  return *host + (left.port.empty() ? "" : ":" + left.port) + pathBelow(longer);
}

}  // namespace rcb
