#include "core/cluster/issuer_documents.hpp"

#include "core/support/ip_address.hpp"
#include "core/support/json.hpp"
#include "core/support/printable.hpp"

#include <array>

namespace rcb {
namespace {

constexpr JsonLimits kLimits{.bytes = std::size_t{1} << 20, .depth = 16, .lastNameCounts = true};
constexpr std::size_t kKeyLimit = 1000;

std::string textOf(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  return value != nullptr && value->string() != nullptr ? printable(*value->string()) : std::string();
}

std::variant<Json, DocumentFault> objectOf(std::string_view text) {
  auto parsed = parseJson(text, kLimits);
  if (const auto* problem = std::get_if<JsonProblem>(&parsed)) {
    return DocumentFault{"it is not valid JSON: " + problem->reason};
  }
  Json& document = std::get<Json>(parsed);
  if (document.object() == nullptr) return DocumentFault{"it is not a JSON object"};
  return std::move(document);
}

}  // namespace

std::variant<IssuerMetadata, DocumentFault> parseIssuerMetadata(std::string_view json) {
  const auto document = objectOf(json);
  if (const auto* fault = std::get_if<DocumentFault>(&document)) return *fault;
  IssuerMetadata metadata{textOf(std::get<Json>(document), "issuer"), textOf(std::get<Json>(document), "jwks_uri")};
  if (metadata.issuer.empty()) return DocumentFault{"it has no issuer"};
  if (metadata.keysUrl.empty()) return DocumentFault{"it has no jwks_uri"};
  return metadata;
}

std::variant<std::vector<IssuerKey>, DocumentFault> parseIssuerKeys(std::string_view json) {
  const auto document = objectOf(json);
  if (const auto* fault = std::get_if<DocumentFault>(&document)) return *fault;
  const Json* list = std::get<Json>(document).find("keys");
  if (list == nullptr || list->array() == nullptr) return DocumentFault{"it has no list of keys"};
  if (list->array()->size() > kKeyLimit)
    return DocumentFault{"it has more than " + std::to_string(kKeyLimit) + " keys"};
  std::vector<IssuerKey> keys;
  for (const Json& key : *list->array()) keys.push_back({textOf(key, "kid"), textOf(key, "kty")});
  if (keys.empty()) return DocumentFault{"it has no keys"};
  return keys;
}

std::string whyInternal(const std::string& host) {
  // RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291, and loopback.
  static constexpr std::array kPrivate = {"10.0.0.0/8",     "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
                                          "169.254.0.0/16", "127.0.0.0/8",   "fc00::/7",       "fe80::/10"};
  if (const auto address = parseIpAddress(host)) {
    if (address->isLoopback()) return "it is a loopback address";
    for (const char* network : kPrivate) {
      if (parseIpNetwork(network)->contains(*address)) return "it is an address of a private network";
    }
    return {};
  }
  if (host == "localhost") return "it is a name of the machine itself";
  if (host.ends_with(".svc") || host.ends_with(".cluster.local") || host.find(".svc.") != std::string::npos) {
    return "it is a name that only pods of the cluster resolve";
  }
  if (host.find('.') == std::string::npos || host.ends_with(".local") || host.ends_with(".internal")) {
    return "it is a name of a private network";
  }
  return {};
}

}  // namespace rcb
