#include "core/support/error.hpp"

#include "core/support/printable.hpp"

#include <algorithm>
#include <cstddef>

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
      {kOutput, "stdout did not take the answer, or a file could not be written"},
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
      {kUsage, Kind::kUsage, "usage", "the command line is invalid"},
      {kRequestTimeout, Kind::kBadRequest, "request-timeout", "stdin was not closed before the deadline"},
      {kRequestTooLarge, Kind::kBadRequest, "request-too-large", "stdin contained more than 1 MiB"},
      {kRequestNotJson, Kind::kBadRequest, "request-not-json", "stdin did not contain exactly one JSON document"},
      {kRequestInvalid, Kind::kBadRequest, "request-invalid", "the JSON is not a CredentialProviderRequest"},
      {kRequestVersion, Kind::kBadRequest, "request-version", "the request's apiVersion is not supported"},
      {kRequestImage, Kind::kBadRequest, "request-image", "the image is not a valid name with a registry host"},
      {kNoRule, Kind::kNoRule, "no-rule", "no rule of the broker file matches the image"},
      {kDnsFailed, Kind::kUnavailable, "dns-failed", "a host name could not be resolved"},
      {kConnectFailed, Kind::kUnavailable, "connect-failed", "the connection to the exchange failed"},
      {kConnectionLost, Kind::kUnavailable, "connection-lost", "the connection broke before the answer was complete"},
      {kProxyFailed, Kind::kUnavailable, "proxy-failed", "the proxy did not open a tunnel"},
      {kTlsFailed, Kind::kUnavailable, "tls-failed", "the TLS handshake failed or the certificate is not trusted"},
      {kDeadline, Kind::kUnavailable, "deadline", "the run, or one of its requests, exceeded its deadline"},
      {kThrottled, Kind::kUnavailable, "throttled", "the exchange throttled the request (429)"},
      {kServerError, Kind::kUnavailable, "server-error", "the exchange failed (5xx)"},
      {kKubeletUnhealthy, Kind::kUnavailable, "kubelet-unhealthy",
       "the kubelet is not healthy, or did not come up with what `install` wrote"},
      {kInternal, Kind::kInternal, "internal", "a bug in the program"},
      {kModuleMisbehaved, Kind::kInternal, "module-misbehaved", "a provider module broke the contract"},
      {kOutputFailed, Kind::kOutput, "output-failed", "stdout was closed, full or not read"},
      {kWriteFailed, Kind::kOutput, "write-failed", "a file of the node could not be written"},
      {kAnswerInvalid, Kind::kBadAnswer, "answer-invalid", "the exchange's answer is not valid"},
      {kAnswerTooLarge, Kind::kBadAnswer, "answer-too-large", "the exchange's answer was larger than 1 MiB"},
      {kRedirect, Kind::kBadAnswer, "redirect", "the exchange answered with a redirect, which is never followed"},
      {kTokenMissing, Kind::kRefused, "token-missing",
       "the rule requires a service account token, but the request has none"},
      {kTokenInvalid, Kind::kRefused, "token-invalid",
       "the service account token is not a valid JWT with the required claims"},
      {kTokenExpired, Kind::kRefused, "token-expired", "the service account token has expired"},
      {kTokenAudience, Kind::kRefused, "token-audience", "the service account token is for another audience"},
      {kNotAllowed, Kind::kRefused, "not-allowed", "the rule's allow list does not name the pod's service account"},
      {kAnnotationRefused, Kind::kRefused, "annotation-refused",
       "an annotation has a value that the rule does not allow"},
      {kExchangeDenied, Kind::kRefused, "exchange-denied", "the exchange refused the identity (401 or 403)"},
      {kExchangeRejected, Kind::kRefused, "exchange-rejected", "the exchange rejected the request (another 4xx)"},
      {kProviderRefused, Kind::kRefused, "provider-refused", "the provider module refused the request"},
      {kClusterRefused, Kind::kRefused, "cluster-refused", "the API server of the cluster refused a request"},
      {kConfigMissing, Kind::kConfig, "config-missing", "the broker file does not exist"},
      {kConfigInvalid, Kind::kConfig, "config-invalid", "the broker file has errors"},
      {kFileUntrusted, Kind::kConfig, "file-untrusted",
       "a user other than root and the caller could have changed the file"},
      {kFileUnreadable, Kind::kConfig, "file-unreadable", "a file that the broker file names cannot be read"},
      {kModuleRefused, Kind::kConfig, "module-refused", "a provider module is not allowed or cannot be loaded"},
      {kSettingsInvalid, Kind::kConfig, "settings-invalid", "a provider refused its settings or files"},
      {kNodeUnsupported, Kind::kConfig, "node-unsupported",
       "`install` does not know how this node's kubelet is set up, or must not change it"},
      {kCredentialExpired, Kind::kConfig, "credential-expired", "the configured credential has expired"},
      {kConfinementMissing, Kind::kConfig, "confinement-missing",
       "the program cannot be confined as the broker file requires"},
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

Error Error::replacedBy(ErrorCode code, std::string message) const {
  Error error(code, std::move(message));
  error.context_ = context_;
  return error;
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
