#include "tests/support/json_web_token.hpp"

#include "core/support/base64.hpp"
#include "core/support/json_writer.hpp"

#include <algorithm>
#include <optional>

namespace rcb::test {
namespace {

std::optional<Json> decodeObject(std::string_view part) {
  const auto text = decodeBase64Url(part);
  if (!text) return std::nullopt;
  auto parsed = parseJson(text->reveal());
  Json* document = std::get_if<Json>(&parsed);
  if (document == nullptr || document->object() == nullptr) return std::nullopt;
  return std::move(*document);
}

const VerificationKey* keyFor(const Json& header, std::span<const VerificationKey> keys) {
  const auto named = std::find_if(keys.begin(), keys.end(), [&](const VerificationKey& key) {
    return key.id() == claimText(header, "/kid") && algorithmName(key.algorithm()) == claimText(header, "/alg");
  });
  return named == keys.end() ? nullptr : &*named;
}

bool isFor(const Json& claims, const std::string& audience) {
  const Json* claim = claims.find("aud");
  if (claim == nullptr) return false;
  if (claim->string() != nullptr) return *claim->string() == audience;
  return claim->array() != nullptr && std::any_of(claim->array()->begin(), claim->array()->end(), [&](const Json& one) {
           return one.string() != nullptr && *one.string() == audience;
         });
}

std::optional<UnixTime> timeOf(const Json& claims, std::string_view name) {
  const Json* claim = claims.find(name);
  if (claim == nullptr || claim->integer() == nullptr) return std::nullopt;
  return UnixTime(std::chrono::seconds(*claim->integer()));
}

std::optional<TokenProblem> problemOf(const Json& claims, const TokenRules& rules) {
  if (claimText(claims, "/iss") != rules.issuer) return TokenProblem{"Token has an unknown issuer."};
  if (!isFor(claims, rules.audience)) return TokenProblem{"Token is for another audience."};
  const auto expiry = timeOf(claims, "exp");
  if (!expiry && rules.expiryRequired) return TokenProblem{"Token has no expiry."};
  if (expiry && *expiry <= rules.now) return TokenProblem{"Token has expired."};
  const auto start = timeOf(claims, "nbf");
  if (start && *start > rules.now) return TokenProblem{"Token is not valid yet."};
  return std::nullopt;
}

}  // namespace

std::string signToken(const SigningKey& key, std::string_view claims,
                      const std::vector<std::string>& certificateChain) {
  std::string header;
  JsonWriter writer(header);
  writer.beginObject();
  writer.member("alg", algorithmName(key.publicKey().algorithm()));
  writer.member("typ", "JWT");
  if (certificateChain.empty()) {
    writer.member("kid", key.publicKey().id());
  } else {
    writer.key("x5c");
    writer.beginArray();
    for (const std::string& certificate : certificateChain) writer.value(certificate);
    writer.endArray();
  }
  writer.endObject();
  const std::string message = encodeBase64Url(header) + "." + encodeBase64Url(claims);
  return message + "." + encodeBase64Url(key.sign(message));
}

std::variant<Json, TokenProblem> verifyToken(std::string_view token, std::span<const VerificationKey> keys,
                                             const TokenRules& rules) {
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (first == std::string_view::npos || first == last) return TokenProblem{"Token is malformed."};
  const auto header = decodeObject(token.substr(0, first));
  auto claims = decodeObject(token.substr(first + 1, last - first - 1));
  const auto signature = decodeBase64Url(token.substr(last + 1));
  if (!header || !claims || !signature || header->find("crit") != nullptr) return TokenProblem{"Token is malformed."};
  const VerificationKey* key = keyFor(*header, keys);
  if (key == nullptr) return TokenProblem{"Token was signed with an unknown key."};
  if (!key->verifies(token.substr(0, last), signature->reveal())) return TokenProblem{"Token has a wrong signature."};
  if (auto problem = problemOf(*claims, rules)) return std::move(*problem);
  return std::move(*claims);
}

std::string claimText(const Json& claims, std::string_view pointer) {
  const Json* claim = claims.at(pointer);
  return claim != nullptr && claim->string() != nullptr ? std::string(*claim->string()) : std::string();
}

}  // namespace rcb::test
