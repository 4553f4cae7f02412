#include "providers/ecr/authorization_token.hpp"

#include "providers/ecr/aws_error.hpp"
#include "providers/ecr/aws_signature.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

namespace rcb::ecr {
namespace {

using sdk::Answer;
using sdk::Body;
using sdk::Credential;
using sdk::Encoding;
using sdk::Expiry;
using sdk::Failure;
using sdk::Host;
using sdk::JsonKind;
using sdk::Status;

constexpr std::string_view kContentType = "application/x-amz-json-1.1";
constexpr std::string_view kBody = "{}";

// AWS documents twelve hours. A server that states more is not believed.
constexpr std::chrono::hours kLongestLifetime{12};

struct Api {
  std::string_view target;   // the header that names the operation
  std::string_view service;  // in signatures
};

Api apiOf(const Registry& registry) {
  if (registry.isPublic) return {"SpencerFrontendService.GetAuthorizationToken", "ecr-public"};
  return {"AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", "ecr"};
}

// What the header Host is: the port only if it is not 443.
std::string_view authorityOf(std::string_view endpoint) {
  constexpr std::string_view kScheme = "https://";
  constexpr std::string_view kDefaultPort = ":443";
  std::string_view authority = endpoint.substr(std::min(kScheme.size(), endpoint.size()));
  authority = authority.substr(0, authority.find('/'));
  if (authority.size() > kDefaultPort.size() &&
      authority.substr(authority.size() - kDefaultPort.size()) == kDefaultPort) {
    authority.remove_suffix(kDefaultPort.size());
  }
  return authority;
}

sdk::Fields signedHeaders(const Registry& registry, std::string_view endpoint, const RoleSession& session,
                          const Host& host) {
  const Api api = apiOf(registry);
  const std::string_view time = host.formatTime(sdk::TimeFormat::kBasic, session.issuedAt);
  const RequestToSign request = {.method = "POST",
                                 .path = "/",
                                 .headers = {{"content-type", kContentType},
                                             {"host", authorityOf(endpoint)},
                                             {"x-amz-date", time},
                                             {"x-amz-security-token", session.sessionToken},
                                             {"x-amz-target", api.target}},
                                 .body = kBody};
  const SigningServices services = {
      .sha256 = [&host](std::string_view bytes) { return host.sha256(bytes); },
      .hmacSha256 = [&host](std::string_view key, std::string_view bytes) { return host.hmacSha256(key, bytes); },
      .hex = [&host](std::string_view bytes) { return host.encode(Encoding::kHex, bytes); }};
  return {{"X-Amz-Date", time},
          {"X-Amz-Security-Token", session.sessionToken},
          {"X-Amz-Target", api.target},
          {"Authorization", authorization(request, {.time = time, .region = registry.region, .service = api.service},
                                          session.accessKeyId, session.secretAccessKey, services)}};
}

Failure badAnswer(std::string what) {
  return {Status::kBadAnswer, "the answer from ECR " + std::move(what), "check that ecrUrl is an ECR endpoint"};
}

// ECR answers with a list of one element, ECR Public with that element.
std::string dataPointer(const Answer& answer, const Host& host) {
  constexpr std::string_view kPointer = "/authorizationData";
  const auto kind = host.jsonKind(answer.body(), kPointer);
  return std::string(kPointer) + (kind == JsonKind::kArray ? "/0" : "");
}

Expiry expiryOf(const Answer& answer, const std::string& pointer, const Host& host) {
  if (!host.jsonKind(answer.body(), pointer)) return Expiry::unknown();
  const auto seconds = host.jsonNumber(answer.body(), pointer);
  if (!seconds || !(*seconds > 0)) throw badAnswer("has an expiresAt that is not a time");
  const double latest = static_cast<double>((host.now() + kLongestLifetime).time_since_epoch().count());
  return Expiry::at(sdk::Time(std::chrono::seconds(static_cast<std::int64_t>(std::floor(std::min(*seconds, latest))))));
}

}  // namespace

Credential getAuthorizationToken(const Registry& registry, std::string_view endpoint, const RoleSession& session,
                                 const Host& host) {
  const Answer answer = host.send(sdk::Method::kPost, endpoint, Body::raw(kContentType, kBody),
                                  {.headers = signedHeaders(registry, endpoint, session, host),
                                   .repeat = sdk::Repeat::kHarmless,
                                   .anyStatus = true});
  if (!answer.isSuccess()) throw failureOf(registry.isPublic ? "ECR Public" : "ECR", readJsonError(answer, host));
  const std::string pointer = dataPointer(answer, host);
  const auto token = host.jsonText(answer.body(), pointer + "/authorizationToken");
  if (!token || token->empty()) throw badAnswer("contains no authorizationToken");
  const auto decoded = host.decode(Encoding::kBase64, *token);
  const auto colon = decoded ? decoded->find(':') : std::string_view::npos;
  if (colon == std::string_view::npos) throw badAnswer("has an authorizationToken that is not base64 of user:password");
  return {.username = decoded->substr(0, colon),
          .password = decoded->substr(colon + 1),
          .expiry = expiryOf(answer, pointer + "/expiresAt", host)};
}

}  // namespace rcb::ecr
