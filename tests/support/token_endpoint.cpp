#include "tests/support/token_endpoint.hpp"

#include "core/support/json_writer.hpp"
#include "tests/support/random_text.hpp"

#include <optional>

namespace rcb::test {
namespace {

constexpr const char* kTokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
constexpr const char* kJwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr const char* kJwtAssertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr const char* kJwtType = "urn:ietf:params:oauth:token-type:jwt";
constexpr const char* kIdTokenType = "urn:ietf:params:oauth:token-type:id_token";

// RFC 6749 section 5.2.
ServerReply refusal(int status, const char* error, const std::string& description) {
  ServerReply reply{status, {{"Content-Type", "application/json"}}, ""};
  JsonWriter writer(reply.body);
  writer.beginObject();
  writer.member("error", error);
  writer.member("error_description", description);
  writer.endObject();
  return reply;
}

// Of a form or of a JSON object of strings; nothing if it is neither.
std::optional<Form> parametersOf(const ServerRequest& request) {
  if (auto form = formOf(request)) return form;
  if (headerOf(request, "content-type").rfind("application/json", 0) != 0) return std::nullopt;
  const auto parsed = parseJson(request.body);
  const Json* document = std::get_if<Json>(&parsed);
  const Json::Object* members = document == nullptr ? nullptr : document->object();
  if (members == nullptr) return std::nullopt;
  Form form;
  for (const auto& [name, value] : *members) {
    if (value.string() == nullptr) return std::nullopt;
    form.emplace(name, *value.string());
  }
  return form;
}

// A client that says who it is must prove it.
bool isClientRefused(const ServerRequest& request, const Form& form) {
  if (const auto login = basicLogin(request)) {
    const std::string both =
        "u=" + login->user + "&p=" + login->password;  // RFC 6749 section 2.3.1: encoded as in a form
    const Form decoded = parseForm(both);
    return firstOf(decoded, "u") != TokenEndpoint::kClientId || firstOf(decoded, "p") != TokenEndpoint::kClientSecret;
  }
  if (form.count("client_secret") == 0) return false;
  return firstOf(form, "client_id") != TokenEndpoint::kClientId ||
         firstOf(form, "client_secret") != TokenEndpoint::kClientSecret;
}

// The pod's token in a grant; empty if the grant is not complete.
std::string tokenOf(const Form& form) {
  const std::string grant = firstOf(form, "grant_type");
  if (grant == kTokenExchange) {
    const std::string type = firstOf(form, "subject_token_type");
    return type == kJwtType || type == kIdTokenType ? firstOf(form, "subject_token") : "";
  }
  if (grant == kJwtBearer) return firstOf(form, "assertion");
  const bool isAssertion = firstOf(form, "client_assertion_type") == kJwtAssertion;
  return grant == "client_credentials" && isAssertion ? firstOf(form, "client_assertion") : "";
}

}  // namespace

ServerReply TokenEndpoint::answer(const ServerRequest& request) {
  if (pathOf(request) == "/oauth/token") return answerGrant(request);
  if (pathOf(request) == "/oauth/ci") return answerBearer(request);
  return {404, {}, ""};
}

std::vector<std::string> TokenEndpoint::issued() const {
  const std::scoped_lock lock(mutex_);
  return issued_;
}

bool TokenEndpoint::accepts(const std::string& token) const {
  const std::scoped_lock lock(mutex_);
  const auto found = expiries_.find(token);
  return found != expiries_.end() && options_.now() < found->second;
}

ServerReply TokenEndpoint::answerGrant(const ServerRequest& request) {
  if (request.method != "POST") return {405, {{"Allow", "POST"}}, ""};
  const auto form = parametersOf(request);
  if (!form) return refusal(400, "invalid_request", "The body is neither a form nor JSON.");
  if (isClientRefused(request, *form)) return refusal(401, "invalid_client", "Client authentication failed.");
  const std::string token = tokenOf(*form);
  if (token.empty()) return refusal(400, "unsupported_grant_type", "The grant is not complete.");
  const Outcome outcome = verified(token);
  if (const auto* refused = std::get_if<ServerReply>(&outcome)) return *refused;
  // What a client asks for must be its own: parameters that a pod could have forged would show here.
  const std::string scope = firstOf(*form, "scope");
  const std::string account = std::get<std::string>(outcome);
  if (!scope.empty() && scope != "pull:" + account.substr(0, account.find('/'))) {
    return refusal(400, "invalid_scope", "The scope is not that of the namespace.");
  }
  ServerReply reply{200, {{"Content-Type", "application/json"}}, ""};
  JsonWriter writer(reply.body);
  writer.beginObject();
  writer.member("access_token", issue());
  writer.member("issued_token_type", "urn:ietf:params:oauth:token-type:access_token");
  writer.member("token_type", "Bearer");
  writer.member("expires_in", std::int64_t{kLifetime});
  writer.endObject();
  return reply;
}

ServerReply TokenEndpoint::answerBearer(const ServerRequest& request) {
  const auto token = bearerToken(request);
  if (!token) return refusal(401, "invalid_request", "The header Authorization is missing.");
  const Outcome outcome = verified(*token);
  if (const auto* refused = std::get_if<ServerReply>(&outcome)) return {403, refused->headers, refused->body};
  ServerReply reply{200, {{"Content-Type", "application/json"}}, ""};
  JsonWriter writer(reply.body);
  writer.beginObject();
  writer.member("token", issue());
  writer.member("username", kUser);
  writer.member("expires_in", std::to_string(kLifetime));  // a string, as some services write it
  writer.endObject();
  return reply;
}

TokenEndpoint::Outcome TokenEndpoint::verified(const std::string& token) const {
  const auto result = verifyToken(token, options_.issuerKeys(),
                                  {.issuer = options_.issuer, .audience = kAudience, .now = options_.now()});
  if (const auto* problem = std::get_if<TokenProblem>(&result)) return refusal(400, "invalid_grant", problem->reason);
  const Json& claims = std::get<Json>(result);
  const std::string namespaceName = claimText(claims, "/kubernetes.io/namespace");
  if (namespaceName != kAllowed) return refusal(400, "invalid_grant", "The namespace is not allowed.");
  return namespaceName + "/" + claimText(claims, "/kubernetes.io/serviceaccount/name");
}

std::string TokenEndpoint::issue() {
  const std::scoped_lock lock(mutex_);
  const std::string& token = issued_.emplace_back("issued-" + randomHex(40));
  expiries_[token] = options_.now() + std::chrono::seconds(kLifetime);
  return token;
}

}  // namespace rcb::test
