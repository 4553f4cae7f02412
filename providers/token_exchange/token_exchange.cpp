#include "providers/token_exchange/token_exchange.hpp"

#include "providers/token_exchange/parameter_text.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace rcb::token_exchange {
namespace {

using sdk::Body;
using sdk::Encoding;
using sdk::Expiry;
using sdk::Failure;
using sdk::Field;
using sdk::Fields;
using sdk::Host;
using sdk::Request;
using sdk::Status;
using sdk::Text;

// RFC 8693 section 2.1 and 3, RFC 7523 section 2.1 and 2.2.
constexpr std::string_view kTokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
constexpr std::string_view kJwtType = "urn:ietf:params:oauth:token-type:jwt";
constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr std::string_view kJwtAssertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

bool isBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

void set(Fields& fields, Field field) {
  const auto same = std::find_if(fields.begin(), fields.end(),
                                 [&](const Field& other) { return other.name.view() == field.name.view(); });
  if (same == fields.end()) {
    fields.push_back(std::move(field));
  } else {
    *same = std::move(field);
  }
}

void addAssertion(Fields& fields, const Request& request) {
  fields.push_back({"client_assertion_type", kJwtAssertion});
  fields.push_back({"client_assertion", request.token()});
}

// What the grant sends, besides a bearer header.
Fields grantParameters(const Request& request) {
  const std::string_view grant = request.setting("grant");
  if (grant == "token-exchange") {
    return {{"grant_type", kTokenExchange}, {"subject_token", request.token()}, {"subject_token_type", kJwtType}};
  }
  if (grant == "jwt-bearer") return {{"grant_type", kJwtBearer}, {"assertion", request.token()}};
  if (grant == "parameter") return {{request.setting("tokenParameter"), request.token()}};
  Fields fields;
  if (grant == "client-credentials") {
    fields.push_back({"grant_type", "client_credentials"});
    addAssertion(fields, request);
  }
  return fields;
}

void addClient(Fields& parameters, Fields& headers, const Request& request, const Host& host) {
  const std::string_view way = request.setting("clientAuthentication");
  const std::string_view id = request.setting("clientId");
  if (way == "basic") {
    // RFC 6749 section 2.3.1: both are encoded before they are joined.
    const std::string_view secret = host.readValue(request.setting("clientSecretFile"));
    std::string both(host.encode(Encoding::kPercent, id));
    both += ':';
    both += host.encode(Encoding::kPercent, secret);
    const Text joined(std::move(both));
    headers.push_back({"Authorization", "Basic " + std::string(host.encode(Encoding::kBase64, joined))});
    return;
  }
  if (!id.empty()) parameters.push_back({"client_id", id});
  if (way == "post") {
    parameters.push_back({"client_secret", host.readValue(request.setting("clientSecretFile"))});
  } else if (way == "assertion") {
    addAssertion(parameters, request);
  }
}

std::string withQuery(std::string_view url, const Fields& parameters, const Host& host) {
  std::string whole(url);
  char separator = whole.find('?') == std::string::npos ? '?' : '&';
  for (const Field& field : parameters) {
    whole += separator;
    whole += host.encode(Encoding::kPercent, field.name);
    whole += '=';
    whole += host.encode(Encoding::kPercent, field.value);
    separator = '&';
  }
  return whole;
}

std::string_view send(const Request& request, const Host& host) {
  Fields headers = request.map("headers");
  Fields parameters = grantParameters(request);
  if (request.setting("grant") == "bearer") {
    headers.push_back({"Authorization", "Bearer " + std::string(request.token())});
  }
  addClient(parameters, headers, request, host);
  for (const Field& field : request.map("parameters")) {
    set(parameters, {field.name, parameterText(field.value, request)});
  }
  const std::string_view url = request.setting("url");
  if (request.setting("method") == "GET") return host.get(withQuery(url, parameters, host), headers);
  const bool isJson = request.setting("format") == "json";
  // Repeating an exchange does no harm: it issues one more short-lived token, which expires unused.
  return host.post(url, isJson ? Body::json(std::move(parameters)) : Body::form(std::move(parameters)), headers,
                   sdk::Repeat::kHarmless);
}

// Some services answer with status 200 and an error of RFC 6749 section 5.2.
void refuseError(std::string_view answer, const Host& host) {
  const auto error = host.jsonText(answer, "/error");
  if (!error || isBlank(*error)) return;
  const auto description = host.jsonText(answer, "/error_description");
  throw Failure(Status::kRefused, "the exchange refused the identity: " +
                                      std::string(description && !isBlank(*description) ? *description : *error));
}

std::string_view requiredText(std::string_view answer, std::string_view pointerSetting, std::string_view what,
                              const Request& request, const Host& host) {
  const std::string_view pointer = request.setting(pointerSetting);
  const auto text = host.jsonText(answer, pointer);
  if (!text || isBlank(*text)) {
    throw Failure(Status::kBadAnswer,
                  "the answer has no " + std::string(what) + " at " + std::string(pointer) + ", or it is not a string",
                  "compare the setting " + std::string(pointerSetting) + " with what the service answers");
  }
  return *text;
}

Expiry expiryOf(std::string_view answer, const Request& request, const Host& host) {
  if (const std::string_view pointer = request.setting("expiresAtPointer"); !pointer.empty()) {
    const auto seconds = host.jsonWholeNumber(answer, pointer);
    if (seconds && *seconds > 0) return Expiry::at(sdk::Time(std::chrono::seconds(*seconds)));
    const auto text = host.jsonText(answer, pointer);
    const auto time = text ? host.parseTime(*text) : std::nullopt;
    if (time) return Expiry::at(*time);
    throw Failure(Status::kBadAnswer, "the answer has no time at " + std::string(pointer),
                  "compare the setting expiresAtPointer with what the service answers");
  }
  const std::string_view pointer = request.setting("expiresInPointer");
  if (!host.jsonKind(answer, pointer)) return Expiry::fromJwt();
  const auto lifetime = host.jsonWholeNumber(answer, pointer);
  if (!lifetime || *lifetime <= 0) {
    throw Failure(Status::kBadAnswer,
                  "the answer's lifetime at " + std::string(pointer) + " is not a number of seconds");
  }
  return host.expiresAfter(*lifetime);
}

void refuse(std::string reason, std::string advice = {}) {
  throw Failure(Status::kBadSettings, std::move(reason), std::move(advice));
}

}  // namespace

void TokenExchange::provide(const Request& request, const Host& host) {
  const std::string_view answer = send(request, host);
  refuseError(answer, host);
  const std::string_view password = requiredText(answer, "tokenPointer", "token", request, host);
  const std::string_view fixed = request.setting("username");
  const std::string_view username =
      fixed.empty() ? requiredText(answer, "usernamePointer", "user name", request, host) : fixed;
  host.emit({username, password, expiryOf(answer, request, host)});
}

void TokenExchange::check(const Request& request, const Host&) {
  const std::string_view grant = request.setting("grant");
  const std::string_view client = request.setting("clientAuthentication");
  if ((grant == "parameter") != !request.setting("tokenParameter").empty()) {
    refuse("tokenParameter belongs to `grant: parameter`, and only to it");
  }
  if (request.setting("method") == "GET" && grant != "bearer") {
    refuse("method GET needs `grant: bearer`", "a token does not belong into a URL");
  }
  if (request.setting("method") == "GET" && client == "post") {
    refuse("method GET excludes `clientAuthentication: post`", "a secret does not belong into a URL");
  }
  if (grant == "bearer" && client == "basic") {
    refuse("`grant: bearer` excludes `clientAuthentication: basic`", "both need the header Authorization");
  }
  if (grant == "client-credentials" && client == "assertion") {
    refuse("`grant: client-credentials` sends the assertion already", "remove clientAuthentication");
  }
  if ((client == "basic" || client == "post") && request.setting("clientSecretFile").empty()) {
    refuse("`clientAuthentication: " + std::string(client) + "` needs clientSecretFile and clientId");
  }
  if (client == "assertion" && !request.setting("clientSecretFile").empty()) {
    refuse("`clientAuthentication: assertion` excludes clientSecretFile", "the pod's token is the assertion");
  }
  for (const Field& field : request.map("parameters")) checkParameterText(field.value, request);
}

}  // namespace rcb::token_exchange
