#include "tests/core/dispatch/kubelet_keyring.hpp"

#include "core/dispatch/host_pattern.hpp"

#include <functional>
#include <map>
#include <optional>

namespace rcb::test {
namespace {

constexpr std::string_view kDefaultRegistry = "index.docker.io";

// Host, port and path of a key, without scheme and without one leading /v1 or /v2; nothing if the kubelet ignores the key.
std::optional<std::string> placeOf(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (key.starts_with(scheme)) {
      key.remove_prefix(scheme.size());
      break;
    }
  }
  const auto parsed = parseHostPattern(key);
  if (!parsed) return std::nullopt;
  std::string path = parsed->path;
  if (path.starts_with("/v1/") || path.starts_with("/v2/")) path.erase(0, 3);
  if (path == "/") path.clear();
  return std::string(key.substr(0, key.find('/'))) + path;
}

bool isOnDefaultRegistry(std::string_view image) {
  const auto slash = image.find('/');
  const std::string_view first = image.substr(0, slash);
  if (first.empty()) return false;
  return slash == std::string_view::npos || first == "docker.io" || first == kDefaultRegistry ||
         first.find_first_of(".:") == std::string_view::npos;
}

}  // namespace

std::vector<std::vector<std::string>> keysTried(const std::vector<std::string>& keys, std::string_view image) {
  // Places in descending order: of two that share a beginning, the longer comes first.
  std::map<std::string, std::vector<std::string>, std::greater<>> places;
  for (const std::string& key : keys) {
    if (const auto place = placeOf(key)) places[*place].push_back(key);
  }
  std::vector<std::vector<std::string>> order;
  for (const auto& [place, names] : places) {
    const auto pattern = parseHostPattern(place);
    if (pattern && matchesImage(*pattern, image)) order.push_back(names);
  }
  const auto fallback = places.find(std::string(kDefaultRegistry));
  if (order.empty() && fallback != places.end() && isOnDefaultRegistry(image)) order.push_back(fallback->second);
  return order;
}

}  // namespace rcb::test
