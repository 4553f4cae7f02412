#include "providers/acr/login_server.hpp"

#include "providers/acr/clouds.hpp"

#include <rcb/provider.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace rcb::acr {
namespace {

using sdk::Failure;
using sdk::Status;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool isLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Of a registry: letters and digits, and hyphens within, before a domain name label's hash.
bool isName(std::string_view label) {
  constexpr std::size_t kLongest = 63;
  return !label.empty() && label.size() <= kLongest && isLetterOrDigit(label.front()) &&
         isLetterOrDigit(label.back()) &&
         std::all_of(label.begin(), label.end(), [](char c) { return isLetterOrDigit(c) || c == '-'; });
}

bool isRegion(std::string_view label) {
  return !label.empty() && std::all_of(label.begin(), label.end(), isLetterOrDigit);
}

std::vector<std::string_view> labelsOf(std::string_view name) {
  std::vector<std::string_view> labels;
  for (;;) {
    const auto dot = name.find('.');
    labels.push_back(name.substr(0, dot));
    if (dot == std::string_view::npos) return labels;
    name.remove_prefix(dot + 1);
  }
}

enum class Endpoint { kGlobal, kRegional, kData };

struct EndpointName {
  Endpoint endpoint;
  std::string registry;
};

// Nothing if the host, in lower case, is not an endpoint of a registry below the suffix.
std::optional<EndpointName> parsed(std::string_view host, std::string_view suffix) {
  if (!isBelow(host, suffix)) return std::nullopt;
  const auto labels = labelsOf(host.substr(0, host.size() - suffix.size() - 1));
  if (!isName(labels.front())) return std::nullopt;
  std::string name(labels.front());
  if (labels.size() == 1) return EndpointName{Endpoint::kGlobal, std::move(name)};
  if (labels.size() != 3 || !isRegion(labels[1])) return std::nullopt;
  if (labels[2] == "geo") return EndpointName{Endpoint::kRegional, std::move(name)};
  if (labels[2] == "data") return EndpointName{Endpoint::kData, std::move(name)};
  return std::nullopt;
}

std::string globalName(const EndpointName& name, std::string_view suffix) {
  return name.registry + "." + std::string(suffix);
}

std::string adviceFor(std::string_view host, std::string_view suffix) {
  const Cloud* cloud = cloudOf(host);
  if (cloud != nullptr && cloud->registrySuffix != suffix) return "set cloud to " + std::string(cloud->name);
  return "set loginServer for a mirror or a custom domain, or authorityHost and registrySuffix for another cloud";
}

}  // namespace

bool isBelow(std::string_view host, std::string_view suffix) {
  if (host.size() < suffix.size() + 2) return false;
  const std::string_view end = host.substr(host.size() - suffix.size() - 1);
  return end.front() == '.' && std::equal(end.begin() + 1, end.end(), suffix.begin(),
                                          [](char one, char other) { return lower(one) == lower(other); });
}

LoginServer loginServerOf(std::string_view registry, std::string_view suffix) {
  const std::string host = lowered(registry);
  const auto name = parsed(host, suffix);
  if (!name) {
    throw Failure(Status::kBadSettings, host + " is not a login server below " + std::string(suffix),
                  adviceFor(host, suffix));
  }
  if (name->endpoint == Endpoint::kData) {
    throw Failure(Status::kBadSettings, host + " is a data endpoint, which issues no credential",
                  "name images by the login server " + globalName(*name, suffix));
  }
  return {host, globalName(*name, suffix)};
}

LoginServer namedLoginServer(std::string_view host, std::string_view suffix) {
  if (isBelow(host, suffix)) return loginServerOf(host, suffix);
  return {std::string(host), std::string(host)};
}

}  // namespace rcb::acr
