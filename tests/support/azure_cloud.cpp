#include "tests/support/azure_cloud.hpp"

#include "core/support/json_writer.hpp"
#include "tests/support/random_text.hpp"
#include "tests/support/registry_error.hpp"

#include <cstdint>
#include <optional>

namespace rcb::test {
namespace {

constexpr std::string_view kTokenPath = "/oauth2/v2.0/token";
constexpr std::string_view kExchangePath = "/oauth2/exchange";
constexpr std::string_view kChallengePath = "/v2/";
constexpr const char* kResource = "https://containerregistry.azure.net";
constexpr const char* kEntraIssuer = "https://sts.windows.net/11111111-2222-3333-4444-555555555555/";
constexpr const char* kRegistryIssuer = "Azure Container Registry";  // of refresh tokens
constexpr std::int64_t kAccessTokenLifetime = 3599;
constexpr std::int64_t kRefreshTokenLifetime = 3 * 3600;

ServerReply json(int status, std::string body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, std::move(body)};
}

ServerReply entraError(int status, const char* error, int code, const std::string& description) {
  const std::string correlation = randomUid();
  std::string body;
  JsonWriter writer(body);
  writer.beginObject();
  writer.member("error", error);
  writer.member("error_description", "AADSTS" + std::to_string(code) + ": " + description +
                                         " Trace ID: " + randomUid() + " Correlation ID: " + correlation +
                                         " Timestamp: 2026-11-29 06:00:00Z");
  writer.key("error_codes");
  writer.beginArray();
  writer.value(std::int64_t{code});
  writer.endArray();
  writer.member("correlation_id", correlation);
  writer.member("error_uri", "https://login.microsoftonline.com/error?code=" + std::to_string(code));
  writer.endObject();
  return json(status, std::move(body));
}

ServerReply noMatch(int code, const std::string& part) {
  return entraError(401, "invalid_client", code,
                    "No matching federated identity record found for presented assertion " + part +
                        ". Check your federated identity credential Subject, Audience and Issuer against the presented "
                        "assertion.");
}

// Why Entra does not take a token as an assertion.
ServerReply refusal(const TokenProblem& problem) {
  const auto says = [&](std::string_view what) { return problem.reason.find(what) != std::string::npos; };
  if (says("issuer")) return noMatch(700211, "issuer");
  if (says("audience")) return noMatch(700212, "audience");
  if (says("expired")) {
    return entraError(401, "invalid_client", 700024, "Client assertion is not within its valid time range.");
  }
  return entraError(401, "invalid_client", 700027, "Client assertion failed signature validation.");
}

std::string accessTokenClaims(const std::string& client, std::int64_t now) {
  std::string claims;
  JsonWriter writer(claims);
  writer.beginObject();
  writer.member("aud", kResource);
  writer.member("iss", kEntraIssuer);
  writer.member("appid", client);
  writer.member("tid", AzureCloud::kTenant);
  writer.member("iat", now);
  writer.member("exp", now + kAccessTokenLifetime);
  writer.endObject();
  return claims;
}

std::string refreshTokenClaims(const std::string& service, std::int64_t now) {
  std::string claims;
  JsonWriter writer(claims);
  writer.beginObject();
  writer.member("jti", randomUid());
  writer.member("sub", AzureCloud::kPuller);
  writer.member("nbf", now);
  writer.member("exp", now + kRefreshTokenLifetime);
  writer.member("iat", now);
  writer.member("iss", kRegistryIssuer);
  writer.member("aud", service);
  writer.member("grant_type", "refresh_token");
  writer.member("tenant", AzureCloud::kTenant);
  writer.endObject();
  return claims;
}

ServerReply registryRefusal(int status, const char* code, const char* message) {
  ServerReply reply = registryError(status, code, message);
  reply.headers = {{"Content-Type", "application/json; charset=utf-8"}, {"X-Ms-Correlation-Request-Id", randomUid()}};
  return reply;
}

// The name that a login server gives itself: contoso.eastus.geo.azurecr.io is a replica of contoso.azurecr.io.
std::string serviceOf(const ServerRequest& request) {
  const std::string host = headerOf(request, "host");
  const auto geo = host.find(".geo.");
  if (geo == std::string::npos) return host;
  return host.substr(0, host.find('.')) + host.substr(geo + std::string_view(".geo").size());
}

ServerReply challenge(const ServerRequest& request) {
  ServerReply reply = registryRefusal(401, "UNAUTHORIZED", "authentication required");
  reply.headers.emplace_back("Www-Authenticate", "Bearer realm=\"https://" + headerOf(request, "host") +
                                                     "/oauth2/token\",service=\"" + serviceOf(request) + "\"");
  return reply;
}

}  // namespace

bool AzureCloud::serves(std::string_view path) {
  return path.ends_with(kTokenPath) || path == kExchangePath || path == kChallengePath;
}

ServerReply AzureCloud::answer(const ServerRequest& request) {
  const std::string_view path = pathOf(request);
  if (path == kChallengePath) return challenge(request);
  if (request.method != "POST") return {405, {{"Allow", "POST"}}, ""};
  if (path == kExchangePath) return answerExchange(request);
  return answerEntra(request, std::string(path.substr(1, path.size() - 1 - kTokenPath.size())));
}

std::vector<std::string> AzureCloud::issued() const {
  const std::scoped_lock lock(mutex_);
  return issued_;
}

bool AzureCloud::accepts(const std::string& loginServer, const std::string& token) const {
  const TokenRules rules{.issuer = kRegistryIssuer, .audience = loginServer, .now = options_.now()};
  return std::holds_alternative<Json>(verifyToken(token, {&key_.publicKey(), 1}, rules));
}

ServerReply AzureCloud::answerEntra(const ServerRequest& request, const std::string& tenant) {
  const auto form = formOf(request);
  const std::string client = form ? firstOf(*form, "client_id") : "";
  const std::string assertion = form ? firstOf(*form, "client_assertion") : "";
  if (tenant != kTenant && tenant != kTenantDomain) {
    return entraError(400, "invalid_request", 90002, "Tenant '" + tenant + "' not found.");
  }
  if (!form || firstOf(*form, "grant_type") != "client_credentials" || assertion.empty() ||
      firstOf(*form, "client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
    return entraError(400, "invalid_request", 900144, "The request body must contain the following parameter.");
  }
  if (firstOf(*form, "scope") != kScope) return entraError(400, "invalid_scope", 70011, "The scope is not valid.");
  if (client == kThrottled) {
    ServerReply reply = entraError(429, "temporarily_unavailable", 90055, "There are too many incoming requests.");
    reply.headers.emplace_back("Retry-After", "3600");
    return reply;
  }
  if (client == kNotFederated) {
    return entraError(401, "invalid_client", 70025, "The client has no configured federated identity credentials.");
  }
  if (client != kPuller && client != kWithoutRole) {
    return entraError(400, "unauthorized_client", 700016,
                      "Application with identifier '" + client + "' was not found.");
  }
  const auto verified = verifyToken(assertion, options_.issuerKeys(),
                                    {.issuer = options_.issuer, .audience = kAudience, .now = options_.now()});
  if (const auto* problem = std::get_if<TokenProblem>(&verified)) return refusal(*problem);
  const std::string subject = claimText(std::get<Json>(verified), "/sub");
  if (subject != kSubject) return noMatch(700213, "subject '" + subject + "'");
  const std::string token = issue(accessTokenClaims(client, options_.now().time_since_epoch().count()));
  std::string answer;
  JsonWriter writer(answer);
  writer.beginObject();
  writer.member("token_type", "Bearer");
  writer.member("expires_in", kAccessTokenLifetime);
  writer.member("ext_expires_in", kAccessTokenLifetime);
  writer.member("access_token", token);
  writer.endObject();
  return json(200, std::move(answer));
}

ServerReply AzureCloud::answerExchange(const ServerRequest& request) {
  const auto form = formOf(request);
  const std::string service = serviceOf(request);
  if (!form || firstOf(*form, "grant_type") != "access_token" || firstOf(*form, "service") != service) {
    return registryRefusal(400, "BAD_REQUEST", "the grant is not complete");
  }
  const auto verified = verifyToken(firstOf(*form, "access_token"), {&key_.publicKey(), 1},
                                    {.issuer = kEntraIssuer, .audience = kResource, .now = options_.now()});
  const Json* claims = std::get_if<Json>(&verified);
  const bool isTenantRight = form->count("tenant") == 0 || firstOf(*form, "tenant") == kTenant;
  if (claims == nullptr || !isTenantRight || claimText(*claims, "/appid") != kPuller) {
    return registryRefusal(401, "UNAUTHORIZED",
                           "authentication required, visit https://aka.ms/acr/authorization for more information.");
  }
  std::string body;
  JsonWriter writer(body);
  writer.beginObject();
  writer.member("refresh_token", issue(refreshTokenClaims(service, options_.now().time_since_epoch().count())));
  writer.endObject();
  ServerReply reply = json(200, std::move(body));
  reply.headers.emplace_back("X-Ms-Correlation-Request-Id", randomUid());
  return reply;
}

std::string AzureCloud::issue(const std::string& claims) {
  std::string token = signToken(key_, claims);
  const std::scoped_lock lock(mutex_);
  return issued_.emplace_back(std::move(token));
}

}  // namespace rcb::test
