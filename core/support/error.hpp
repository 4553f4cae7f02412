// The only error type. Thrown where something fails and caught once, by the layer app, which turns it into an exit status and one line on stderr.
// The kubelet copies that line into its log, so every string in an Error is public: never a token, password, header or body.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

// Exit statuses, after sysexits.h, on which a script, or a reader of the kubelet's log, can act. exitStatusTable() has their meanings.
enum class ErrorKind {
  kUsage = 64,
  kBadRequest = 65,
  kNoRule = 66,
  kUnavailable = 69,
  kInternal = 70,
  kOutput = 74,
  kBadAnswer = 76,
  kRefused = 77,
  kConfig = 78,
};

struct ExitStatusEntry {
  ErrorKind kind;
  std::string_view meaning;  // one phrase, for the help and the documentation
};

// Every kind, in the order of the enumeration.
const std::vector<ExitStatusEntry>& exitStatusTable();

// What failed. Each code belongs to one kind and has a stable slug, printed as `code=…`; see errorTable().
enum class ErrorCode {
  kUsage,
  kRequestTimeout,
  kRequestTooLarge,
  kRequestNotJson,
  kRequestInvalid,
  kRequestVersion,
  kRequestImage,
  kNoRule,
  kDnsFailed,
  kConnectFailed,
  kConnectionLost,
  kProxyFailed,
  kTlsFailed,
  kDeadline,
  kThrottled,
  kServerError,
  kKubeletUnhealthy,
  kInternal,
  kModuleMisbehaved,
  kOutputFailed,
  kWriteFailed,
  kAnswerInvalid,
  kAnswerTooLarge,
  kRedirect,
  kTokenMissing,
  kTokenInvalid,
  kTokenExpired,
  kTokenAudience,
  kNotAllowed,
  kAnnotationRefused,
  kExchangeDenied,
  kExchangeRejected,
  kProviderRefused,
  kClusterRefused,
  kConfigMissing,
  kConfigInvalid,
  kFileUntrusted,
  kFileUnreadable,
  kModuleRefused,
  kSettingsInvalid,
  kNodeUnsupported,
  kCredentialExpired,
  kConfinementMissing,
};

struct ErrorEntry {
  ErrorCode code;
  ErrorKind kind;
  std::string_view slug;
  std::string_view meaning;  // one clause, for docs/operations.md
};

// All codes, in the order of ErrorCode.
const std::vector<ErrorEntry>& errorTable();

class Error : public std::exception {
 public:
  // `message`: what failed, a colon and why; in lowercase and without a full stop.
  Error(ErrorCode code, std::string message);

  // Adds a key and value to the line's parenthesis. The first value for a key wins, since it is added nearest to the failure. Ignores an empty value.
  Error& with(std::string_view key, std::string_view value) &;
  Error&& with(std::string_view key, std::string_view value) &&;
  // Sets one imperative that helps the operator, unless there is one already.
  Error&& advise(std::string advice) &&;

  // An error in place of this one, with its context and without its advice.
  Error replacedBy(ErrorCode code, std::string message) const;

  ErrorCode code() const noexcept { return code_; }
  ErrorKind kind() const noexcept;
  std::string_view slug() const noexcept;
  const std::string& message() const noexcept { return message_; }
  const std::string& advice() const noexcept { return advice_; }
  const std::vector<std::pair<std::string, std::string>>& context() const noexcept { return context_; }
  const char* what() const noexcept override { return message_.c_str(); }

  // `<message> (code=…, key=value, …); <advice>`, on one line of printable characters.
  std::string line() const;

 private:
  ErrorCode code_;
  std::string message_;
  std::string advice_;
  std::vector<std::pair<std::string, std::string>> context_;
};

}  // namespace rcb
