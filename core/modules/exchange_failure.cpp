#include "core/modules/exchange_failure.hpp"

#include "core/net/failure_reason.hpp"

#include <string>
#include <utility>

namespace rcb {
namespace {

struct Meaning {
  ErrorCode code;
  const char* what;
  const char* advice;
};

Meaning meaningOf(int status) {
  if (status == 401 || status == 403) {
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
  const Meaning meaning = meaningOf(answer.status);
  std::string message = meaning.what;
  if (const std::string reason = failureReason(answer, secrets); !reason.empty()) message += ": " + reason;
  return Error(meaning.code, std::move(message))
      .with("status", std::to_string(answer.status))
      .with("host", host)
      .advise(meaning.advice);
}

}  // namespace rcb
