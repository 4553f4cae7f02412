#include "tests/support/identity_service.hpp"

#include "core/support/json_writer.hpp"
#include "tests/support/json_web_token.hpp"
#include "tests/support/random_text.hpp"

namespace rcb::test {
namespace {

void writeReference(JsonWriter<std::string>& writer, std::string_view kind, const std::string& name) {
  writer.key(kind);
  writer.beginObject();
  writer.member("name", name);
  writer.member("uid", randomUid());
  writer.endObject();
}

std::string discoveryDocument(const std::string& issuer) {
  std::string text;
  JsonWriter writer(text);
  const auto list = [&writer](std::string_view name, std::initializer_list<std::string_view> values) {
    writer.key(name);
    writer.beginArray();
    for (const std::string_view value : values) writer.value(value);
    writer.endArray();
  };
  writer.beginObject();
  writer.member("issuer", issuer);
  writer.member("jwks_uri", issuer + "/openid/v1/jwks");
  list("response_types_supported", {"id_token"});
  list("subject_types_supported", {"public"});
  list("id_token_signing_alg_values_supported", {"ES256", "RS256"});
  writer.endObject();
  return text;
}

}  // namespace

std::string IdentityService::issue(const TokenRequest& request, UnixTime now) const {
  const UnixTime start = request.life.count() > 0 ? now : now + request.life - std::chrono::hours(1);
  std::string claims;
  JsonWriter writer(claims);
  writer.beginObject();
  writer.key("aud");
  writer.beginArray();
  for (const std::string& audience : request.audiences) writer.value(audience);
  writer.endArray();
  writer.member("exp", std::int64_t{(now + request.life).time_since_epoch().count()});
  writer.member("iat", std::int64_t{start.time_since_epoch().count()});
  writer.member("iss", issuer_);
  writer.member("jti", randomUid());
  writer.key("kubernetes.io");
  writer.beginObject();
  writer.member("namespace", request.namespaceName);
  writeReference(writer, "node", "node-1");
  writeReference(writer, "pod", request.serviceAccount + "-7d4b9c");
  writeReference(writer, "serviceaccount", request.serviceAccount);
  writer.endObject();
  writer.member("nbf", std::int64_t{start.time_since_epoch().count()});
  writer.member("sub", "system:serviceaccount:" + request.namespaceName + ":" + request.serviceAccount);
  writer.endObject();
  return signToken(key_, claims);
}

ServerReply IdentityService::answer(const ServerRequest& request) const {
  if (request.method != "GET") return {405, {}, ""};
  if (request.target == "/.well-known/openid-configuration") {
    return {200, {{"Content-Type", "application/json"}}, discoveryDocument(issuer_)};
  }
  if (request.target == "/openid/v1/jwks") {
    return {200, {{"Content-Type", "application/jwk-set+json"}}, writeKeySet({&key_.publicKey(), 1})};
  }
  return {404, {}, ""};
}

}  // namespace rcb::test
