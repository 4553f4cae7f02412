#include "core/cluster/service_account.hpp"

#include "core/support/base64.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/printable.hpp"

#include <variant>

namespace rcb {
namespace {

constexpr std::size_t kTokenLimit = std::size_t{64} << 10;

// A member of the JSON object that the part of a JWT is.
std::string memberOf(std::string_view part, std::string_view name) {
  const auto decoded = decodeBase64Url(part);
  if (!decoded) return {};
  const auto parsed = parseJson(decoded->reveal(), {.bytes = kTokenLimit, .depth = 16});
  const Json* document = std::get_if<Json>(&parsed);
  const Json* member = document == nullptr ? nullptr : document->find(name);
  return member == nullptr || member->string() == nullptr ? std::string() : printable(*member->string());
}

std::string accountPath(const std::string& namespaceName, const std::string& name) {
  return "/api/v1/namespaces/" + pathPart(namespaceName) + "/serviceaccounts/" + pathPart(name);
}

}  // namespace

ServiceAccount readServiceAccount(const Json& object) {
  ServiceAccount account;
  const Json* annotations = object.at("/metadata/annotations");
  if (annotations != nullptr && annotations->object() != nullptr) {
    for (const auto& [key, value] : *annotations->object()) {
      if (value.string() != nullptr) account.annotations.emplace_back(key, *value.string());
    }
  }
  account.pullSecrets = namesOfList(object.find("imagePullSecrets"));
  return account;
}

ApiAnswer getServiceAccount(ApiClient& api, const std::string& namespaceName, const std::string& name) {
  return api.get(accountPath(namespaceName, name));
}

ApiAnswer requestToken(ApiClient& api, const Pod& pod, const std::string& audience) {
  std::string body;
  JsonWriter<std::string> json(body);
  json.beginObject();
  json.member("apiVersion", "authentication.k8s.io/v1");
  json.member("kind", "TokenRequest");
  json.key("spec");
  json.beginObject();
  json.strings("audiences", std::vector<std::string>{audience});
  json.key("boundObjectRef");
  json.beginObject();
  json.member("apiVersion", "v1");
  json.member("kind", "Pod");
  json.member("name", pod.name);
  json.member("uid", pod.uid);
  json.endObject();
  json.endObject();
  json.endObject();
  return api.post(accountPath(pod.namespaceName, pod.serviceAccount) + "/token", body);
}

Secret readToken(const Json& tokenRequest) {
  const Json* token = tokenRequest.at("/status/token");
  return token == nullptr || token->string() == nullptr ? Secret() : Secret(*token->string());
}

TokenOrigin parseTokenOrigin(std::string_view jwt) {
  if (jwt.size() > kTokenLimit) return {};
  const auto first = jwt.find('.');
  const auto second = first == std::string_view::npos ? first : jwt.find('.', first + 1);
  if (second == std::string_view::npos) return {};
  return {memberOf(jwt.substr(first + 1, second - first - 1), "iss"), memberOf(jwt.substr(0, first), "kid")};
}

}  // namespace rcb
