#include "core/identity/token_claims.hpp"

#include "core/support/base64.hpp"
#include "core/support/error.hpp"
#include "core/support/json.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <variant>

namespace rcb {
namespace {

constexpr std::size_t kTokenLimit = 64 * 1024;
constexpr std::string_view kSubjectPrefix = "system:serviceaccount:";

// The claims of a JWS in compact serialisation (RFC 7515 section 7.1), or why they cannot be read.
std::variant<Json, JsonProblem> readClaims(std::string_view jwt) {
  if (jwt.size() > kTokenLimit) return JsonProblem{"it is larger than 64 KiB"};
  const auto first = jwt.find('.');
  const auto second = first == std::string_view::npos ? first : jwt.find('.', first + 1);
  if (second == std::string_view::npos || first == 0 || jwt.find('.', second + 1) != std::string_view::npos ||
      second + 1 == jwt.size()) {
    return JsonProblem{"expected three parts separated by dots"};
  }
  const auto payload = decodeBase64Url(jwt.substr(first + 1, second - first - 1));
  if (!payload) return JsonProblem{"its payload is not valid base64url"};
  auto parsed = parseJson(payload->reveal(), {.bytes = kTokenLimit, .depth = 16});
  if (auto* claims = std::get_if<Json>(&parsed); claims != nullptr && claims->object() == nullptr) {
    return JsonProblem{"its payload is not a JSON object"};
  }
  if (std::holds_alternative<JsonProblem>(parsed)) return JsonProblem{"its payload is not valid JSON"};
  return parsed;
}

std::string text(const Json* claim) {
  return claim != nullptr && claim->string() != nullptr ? std::string(*claim->string()) : std::string();
}

// A NumericDate (RFC 7519 section 2) without its fraction. No value if it is negative or after the year 9999.
std::optional<UnixTime> time(const Json* claim) {
  constexpr double kLatest = static_cast<double>(kLatestTime.time_since_epoch().count());
  if (claim == nullptr) return std::nullopt;
  double seconds = -1;
  if (claim->integer() != nullptr) seconds = static_cast<double>(*claim->integer());
  if (claim->real() != nullptr) seconds = std::floor(*claim->real());
  if (!(seconds >= 0 && seconds <= kLatest)) return std::nullopt;
  return UnixTime(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

std::vector<std::string> audiences(const Json* claim) {
  std::vector<std::string> list;
  if (claim == nullptr) return list;
  if (claim->string() != nullptr) list.emplace_back(*claim->string());
  if (claim->array() != nullptr) {
    for (const Json& entry : *claim->array()) {
      if (entry.string() != nullptr) list.emplace_back(*entry.string());
    }
  }
  return list;
}

// Namespace and name from "system:serviceaccount:<namespace>:<name>".
void readSubject(TokenClaims& claims) {
  std::string_view rest = claims.subject;
  if (rest.substr(0, kSubjectPrefix.size()) != kSubjectPrefix) return;
  rest.remove_prefix(kSubjectPrefix.size());
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos || rest.find(':', colon + 1) != std::string_view::npos) return;
  if (claims.namespaceName.empty()) claims.namespaceName = rest.substr(0, colon);
  if (claims.serviceAccount.empty()) claims.serviceAccount = rest.substr(colon + 1);
}

}  // namespace

TokenClaims parseTokenClaims(std::string_view jwt) {
  const auto read = readClaims(jwt);
  if (const auto* problem = std::get_if<JsonProblem>(&read)) {
    throw Error(ErrorCode::kTokenInvalid, "the service account token is not a valid JWT: " + problem->reason);
  }
  const Json& document = std::get<Json>(read);
  TokenClaims claims;
  claims.subject = text(document.find("sub"));
  claims.audiences = audiences(document.find("aud"));
  claims.expiresAt = time(document.find("exp"));
  claims.namespaceName = text(document.at("/kubernetes.io/namespace"));
  claims.serviceAccount = text(document.at("/kubernetes.io/serviceaccount/name"));
  readSubject(claims);
  return claims;
}

Expiry jwtExpiry(std::string_view jwt) {
  const auto read = readClaims(jwt);
  const Json* document = std::get_if<Json>(&read);
  const auto end = document == nullptr ? std::nullopt : time(document->find("exp"));
  if (!end) return {};
  Expiry expiry{.kind = Expiry::Kind::kAt, .at = *end};
  // The token can only be used between `nbf` and `exp`, so this is an upper bound as well.
  const auto issued = time(document->find("iat"));
  if (const auto begin = issued ? issued : time(document->find("nbf"))) expiry.longest = *end - *begin;
  return expiry;
}

}  // namespace rcb
