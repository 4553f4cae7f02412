#include "core/support/error.hpp"

#include "core/support/printable.hpp"

#include <algorithm>

namespace rcb {
namespace {

const ErrorEntry& entryOf(ErrorCode code) { return errorTable().at(static_cast<std::size_t>(code)); }

}  // namespace

const std::vector<ExitStatusEntry>& exitStatusTable() {
  using enum ErrorKind;
  static const std::vector<ExitStatusEntry> table = {
      {kUsage, "the command line is invalid"},
      {kBadRequest, "the request is invalid"},
      {kNoRule, "no rule for the image"},
      {kUnavailable, "the exchange could not be reached: network, TLS, 5xx, deadline"},
      {kInternal, "a bug in the program or a module"},
      {kOutput, "stdout did not take the answer"},
      {kBadAnswer, "the exchange's answer is invalid"},
      {kRefused, "refused, by the registry (401, 403) or by a rule"},
      {kConfig, "the configuration is invalid"},
  };
  return table;
}

const std::vector<ErrorEntry>& errorTable() {
  using enum ErrorCode;
  using Kind = ErrorKind;
  static const std::vector<ErrorEntry> table = {
      {kUsage, Kind::kUsage, "usage", "the command line is not one that the program knows"},
      {kRequestTimeout, Kind::kBadRequest, "request-timeout", "stdin was not closed before the deadline"},
      {kRequestTooLarge, Kind::kBadRequest, "request-too-large", "stdin held more than 1 MiB"},
      {kRequestNotJson, Kind::kBadRequest, "request-not-json", "stdin did not hold exactly one JSON document"},
      {kRequestInvalid, Kind::kBadRequest, "request-invalid", "the JSON is not a CredentialProviderRequest"},
      {kRequestVersion, Kind::kBadRequest, "request-version",
       "the request's apiVersion is not one that the program speaks"},
      {kRequestImage, Kind::kBadRequest, "request-image", "the image is not a name with an explicit registry host"},
      {kNoRule, Kind::kNoRule, "no-rule", "no rule of the broker's file matches the image"},
      {kDnsFailed, Kind::kUnavailable, "dns-failed", "a host name could not be resolved"},
      {kConnectFailed, Kind::kUnavailable, "connect-failed", "no connection to the exchange could be made"},
      {kConnectionLost, Kind::kUnavailable, "connection-lost", "the connection broke before the answer was complete"},
      {kProxyFailed, Kind::kUnavailable, "proxy-failed", "the proxy did not open a tunnel"},
      {kTlsFailed, Kind::kUnavailable, "tls-failed", "the TLS handshake failed or the certificate is not trusted"},
      {kDeadline, Kind::kUnavailable, "deadline", "the run exceeded its deadline"},
      {kThrottled, Kind::kUnavailable, "throttled", "the exchange asked to slow down (429)"},
      {kServerError, Kind::kUnavailable, "server-error", "the exchange failed (5xx)"},
      {kInternal, Kind::kInternal, "internal", "a bug in the program"},
      {kModuleMisbehaved, Kind::kInternal, "module-misbehaved", "a provider module broke the contract"},
      {kOutputFailed, Kind::kOutput, "output-failed", "stdout was closed or full, or nobody read it"},
      {kAnswerInvalid, Kind::kBadAnswer, "answer-invalid", "the exchange's answer is not what its protocol promises"},
      {kAnswerTooLarge, Kind::kBadAnswer, "answer-too-large", "the exchange's answer was larger than 1 MiB"},
      {kRedirect, Kind::kBadAnswer, "redirect", "the exchange answered with a redirect, which is never followed"},
      {kTokenMissing, Kind::kRefused, "token-missing",
       "the rule needs a service account token and the request has none"},
      {kTokenInvalid, Kind::kRefused, "token-invalid", "the service account token is not a JWT with the claims of one"},
      {kTokenExpired, Kind::kRefused, "token-expired", "the service account token has expired"},
      {kTokenAudience, Kind::kRefused, "token-audience", "the service account token is for another audience"},
      {kNotAllowed, Kind::kRefused, "not-allowed", "the rule's allow list does not name the pod's service account"},
      {kAnnotationRefused, Kind::kRefused, "annotation-refused",
       "an annotation has a value that the file does not allow"},
      {kExchangeDenied, Kind::kRefused, "exchange-denied", "the exchange refused the identity (401 or 403)"},
      {kExchangeRejected, Kind::kRefused, "exchange-rejected", "the exchange rejected the request (another 4xx)"},
      {kProviderRefused, Kind::kRefused, "provider-refused", "the provider module refused the request"},
      {kConfigMissing, Kind::kConfig, "config-missing", "there is no broker file where one is expected"},
      {kConfigInvalid, Kind::kConfig, "config-invalid", "the broker file has errors"},
      {kFileUntrusted, Kind::kConfig, "file-untrusted",
       "another user than root and the caller could have changed the file"},
      {kFileUnreadable, Kind::kConfig, "file-unreadable", "a file that the broker file names cannot be read"},
      {kModuleRefused, Kind::kConfig, "module-refused", "a provider module may not or cannot be loaded"},
      {kSettingsInvalid, Kind::kConfig, "settings-invalid", "a provider found its settings or files wrong"},
      {kCredentialExpired, Kind::kConfig, "credential-expired", "the configured credential has expired"},
  };
  return table;
}

Error::Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

Error& Error::with(std::string_view key, std::string_view value) & {
  const bool known = std::any_of(context_.begin(), context_.end(), [&](const auto& pair) { return pair.first == key; });
  if (!known && !value.empty()) context_.emplace_back(key, value);
  return *this;
}

Error&& Error::with(std::string_view key, std::string_view value) && { return std::move(with(key, value)); }

Error&& Error::advise(std::string advice) && {
  if (advice_.empty()) advice_ = std::move(advice);
  return std::move(*this);
}

ErrorKind Error::kind() const noexcept { return entryOf(code_).kind; }

std::string_view Error::slug() const noexcept { return entryOf(code_).slug; }

std::string Error::line() const {
  constexpr std::size_t kMessageLimit = 1000;
  std::string line = printable(message_, kMessageLimit) + " (code=" + std::string(slug());
  for (const auto& [key, value] : context_) line += ", " + key + "=" + printable(value);
  line += ")";
  if (!advice_.empty()) line += "; " + printable(advice_, kMessageLimit);
  return line;
}

}  // namespace rcb
