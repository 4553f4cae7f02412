#include "core/protocol/response.hpp"

#include "core/support/duration.hpp"
#include "core/support/json_writer.hpp"

namespace rcb {

Secret serialiseResponse(const Response& response) {
  Secret text;
  text.reserve(512 + response.password.size() * 2);
  JsonWriter writer(text);
  writer.beginObject();
  writer.member("kind", "CredentialProviderResponse");
  writer.member("apiVersion", apiVersionName(response.version));
  writer.member("cacheKeyType", response.cacheKeyType == CacheKeyType::kImage ? "Image" : "Registry");
  writer.member("cacheDuration", formatDuration(response.cacheDuration));
  writer.key("auth");
  writer.beginObject();
  writer.key(response.key);
  writer.beginObject();
  writer.member("username", response.username);
  writer.member("password", response.password.reveal());
  writer.endObject();
  writer.endObject();
  writer.endObject();
  text.push_back('\n');
  return text;
}

}  // namespace rcb
