#include "core/modules/exchange_failure.hpp"

#include "core/net/failure_reason.hpp"
#include "core/support/json.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <variant>

namespace rcb {
namespace {

struct Meaning {
  ErrorCode code;
  const char* what;
  const char* advice;
};

// True for a refusal that OAuth 2.0 answers with status 400 (RFC 6749 section 5.2): the request is right, the identity is not.
bool refusesIdentity(const HttpResponse& answer) {
  constexpr std::string_view kErrors[] = {"invalid_grant", "unauthorized_client", "access_denied"};
  if (answer.status != 400) return false;
  const auto body = parseJson(answer.body.reveal());
  const Json* document = std::get_if<Json>(&body);
  const Json* error = document == nullptr ? nullptr : document->find("error");
  return error != nullptr && error->string() != nullptr &&
         std::find(std::begin(kErrors), std::end(kErrors), *error->string()) != std::end(kErrors);
}

Meaning meaningOf(const HttpResponse& answer) {
  const int status = answer.status;
  if (status == 401 || status == 403 || refusesIdentity(answer)) {
    return {ErrorCode::kExchangeDenied, "the exchange refused the identity",
            "compare the claims that the registry requires (issuer, audience, namespace, service account) with the "
            "pod's"};
  }
  if (status == 429) {
    return {ErrorCode::kThrottled, "the exchange throttled the request",
            "the kubelet will retry; raise the registry's rate limit if this persists"};
  }
  if (status >= 300 && status <= 399) {
    return {ErrorCode::kRedirect, "the exchange answered with a redirect, which is never followed with a token",
            "set the host that it redirects to in the rule's settings"};
  }
  if (status == 408 || status == 425) {
    return {ErrorCode::kServerError, "the exchange did not accept the request in time",
            "the kubelet will retry; check the registry's status page if this persists"};
  }
  if (status >= 400 && status <= 499) {
    return {ErrorCode::kExchangeRejected, "the exchange rejected the request", "check the rule's settings"};
  }
  if (status >= 500 && status <= 599) {
    return {ErrorCode::kServerError, "the exchange failed",
            "the kubelet will retry; check the registry's status page if this persists"};
  }
  return {ErrorCode::kAnswerInvalid, "the exchange answered with an unexpected status",
          "check the host and the path in the rule's settings"};
}

}  // namespace

Error exchangeFailure(const HttpResponse& answer, std::string_view host, std::span<const std::string_view> secrets) {
  const Meaning meaning = meaningOf(answer);
  std::string message = meaning.what;
  if (const std::string reason = failureReason(answer, secrets); !reason.empty()) message += ": " + reason;
  return Error(meaning.code, std::move(message))
      .with("status", std::to_string(answer.status))
      .with("host", host)
      .advise(meaning.advice);
}

}  // namespace rcb
