// The one error type. Thrown where a thing fails, caught once, in app/, which maps its code to the exit status and one stderr line.
// The kubelet pastes that line into its log, so every text in here is public: never put a token, password, header or body into one.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

// Exit statuses, after sysexits.h; what a script or the kubelet's log reader can act on. exitStatusTable() says what each means.
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

// What exactly failed. Each code has a stable slug, printed as `code=…`, and belongs to one kind: see errorTable().
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
  kInternal,
  kModuleMisbehaved,
  kOutputFailed,
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
  kConfigMissing,
  kConfigInvalid,
  kFileUntrusted,
  kFileUnreadable,
  kModuleRefused,
  kSettingsInvalid,
  kCredentialExpired,
};

struct ErrorEntry {
  ErrorCode code;
  ErrorKind kind;
  std::string_view slug;
  std::string_view meaning;  // one sentence, for the documentation
};

// Every code, in the order of the enumeration.
const std::vector<ErrorEntry>& errorTable();

class Error : public std::exception {
 public:
  // `message` says what failed and why, in lower case and without a full stop.
  Error(ErrorCode code, std::string message);

  // Adds (key, value) for the line's parenthesis. The first value given for a key stays: the place nearest to the failure knows best.
  Error& with(std::string_view key, std::string_view value) &;
  Error&& with(std::string_view key, std::string_view value) &&;
  // What the operator may try.
  Error&& advise(std::string advice) &&;

  ErrorCode code() const noexcept { return code_; }
  ErrorKind kind() const noexcept;
  std::string_view slug() const noexcept;
  const std::string& message() const noexcept { return message_; }
  const std::string& advice() const noexcept { return advice_; }
  const std::vector<std::pair<std::string, std::string>>& context() const noexcept { return context_; }
  const char* what() const noexcept override { return message_.c_str(); }

  // `<message> (code=…, key=value, …); <advice>` on one line, every character printable.
  std::string line() const;

 private:
  ErrorCode code_;
  std::string message_;
  std::string advice_;
  std::vector<std::pair<std::string, std::string>> context_;
};

}  // namespace rcb
