#include "providers/acr/acr.hpp"

#include "providers/acr/entra_refusal.hpp"
#include "providers/acr/login_server.hpp"

#include <optional>
#include <string>
#include <utility>

namespace rcb::acr {
namespace {

using sdk::Answer;
using sdk::Body;
using sdk::Expiry;
using sdk::Failure;
using sdk::Fields;
using sdk::Host;
using sdk::Method;
using sdk::Repeat;
using sdk::Request;
using sdk::Status;

// RFC 7523 section 2.2.
constexpr std::string_view kJwtAssertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

// With this user name a registry takes its refresh token as the password.
constexpr std::string_view kUserName = "00000000-0000-0000-0000-000000000000";

const Cloud& cloudOf(const Request& request) { return cloudNamed(request.setting("cloud")); }

std::string_view orElse(std::string_view chosen, std::string_view fallback) {
  return chosen.empty() ? fallback : chosen;
}

LoginServer serverOf(const Request& request) {
  const std::string_view suffix = orElse(request.setting("registrySuffix"), cloudOf(request).registrySuffix);
  const std::string_view named = request.setting("loginServer");
  return named.empty() ? loginServerOf(request.registry(), suffix) : namedLoginServer(named, suffix);
}

// Of an answer that is not 2xx. With another status, what failed is not the request, and the answer may be of something in between.
EntraError entraErrorOf(const Answer& answer, const Host& host) {
  constexpr std::string_view kJson = "application/json";
  EntraError error{answer.status()};
  const bool isRefusal = error.status == 400 || error.status == 401 || error.status == 403;
  const bool isJson = answer.header("Content-Type").value_or("").substr(0, kJson.size()) == kJson;
  if (!isRefusal || !isJson || answer.body().empty()) return error;
  const auto code = host.jsonInteger(answer.body(), "/error_codes/0");
  error.code = code && *code > 0 ? *code : entraCodeIn(host.jsonText(answer.body(), "/error_description").value_or(""));
  error.correlationId = host.jsonText(answer.body(), "/correlation_id").value_or("");
  return error;
}

std::string_view accessToken(const Request& request, const Host& host) {
  const Cloud& cloud = cloudOf(request);
  const std::string_view authority = orElse(request.setting("authorityHost"), cloud.authorityHost);
  const std::string url =
      "https://" + std::string(authority) + "/" + std::string(request.setting("tenantId")) + "/oauth2/v2.0/token";
  const auto body = Body::form({{"client_id", request.setting("clientId")},
                                {"grant_type", "client_credentials"},
                                {"client_assertion_type", kJwtAssertion},
                                {"client_assertion", request.token()},
                                {"scope", request.setting("scope")}});
  // A repeated request does no harm: it issues one more short-lived token, which expires unused. The same is true of the registry's.
  const Answer answer = host.send(Method::kPost, url, body, {.repeat = Repeat::kHarmless, .anyStatus = true});
  if (!answer.isSuccess()) {
    const EntraRequest asked{
        "system:serviceaccount:" + std::string(request.namespaceName()) + ":" + std::string(request.serviceAccount()),
        cloud.audience, authority};
    throw entraRefusal(entraErrorOf(answer, host), asked);
  }
  const auto token = host.jsonText(answer.body(), "/access_token");
  if (!token || token->empty()) {
    throw Failure(Status::kBadAnswer, "Microsoft Entra's answer contains no access token", "check authorityHost");
  }
  return *token;
}

std::string_view exchange(std::string_view token, const LoginServer& server, const Request& request, const Host& host) {
  Fields fields = {{"grant_type", "access_token"}, {"service", server.service}};
  // Documented as an ID. Microsoft's own client leaves it out, so a domain need not be looked up.
  const std::string_view tenant = request.setting("tenantId");
  if (tenant.find('.') == std::string_view::npos) fields.push_back({"tenant", tenant});
  fields.push_back({"access_token", token});
  try {
    return host.post("https://" + server.host + "/oauth2/exchange", Body::form(std::move(fields)), {},
                     Repeat::kHarmless);
  } catch (const Failure& failure) {
    // The host knows the reason, which is the registry's.
    if (failure.status() != Status::kRefused) throw;
    throw Failure(Status::kRefused, {},
                  "give the client the role AcrPull on the registry, and let the registry's firewall admit the node");
  }
}

// The refresh token is a JWT, which says when it expires. The answer may say it too, as a number or as a string of digits.
Expiry expiryOf(std::string_view answer, const Host& host) {
  constexpr std::string_view kPointer = "/expires_in";
  if (!host.jsonKind(answer, kPointer)) return Expiry::fromJwt();
  const auto lifetime = host.jsonWholeNumber(answer, kPointer);
  if (!lifetime || *lifetime <= 0) {
    throw Failure(Status::kBadAnswer, "the lifetime in the registry's answer is not a number of seconds");
  }
  return host.expiresAfter(*lifetime);
}

}  // namespace

void Acr::provide(const Request& request, const Host& host) {
  const LoginServer server = serverOf(request);
  const std::string_view answer = exchange(accessToken(request, host), server, request, host);
  const auto token = host.jsonText(answer, "/refresh_token");
  if (!token || token->empty()) {
    throw Failure(Status::kBadAnswer, "the registry's answer contains no refresh token", "check loginServer");
  }
  host.emit({kUserName, *token, expiryOf(answer, host)});
}

void Acr::check(const Request& request, const Host&) { serverOf(request); }

}  // namespace rcb::acr
