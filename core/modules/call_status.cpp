#include "core/modules/call_status.hpp"

namespace rcb {

ErrorCode errorCodeOf(rcb_status status) {
  switch (status) {
    case RCB_REFUSED:
      return ErrorCode::kProviderRefused;
    case RCB_UNAVAILABLE:
      return ErrorCode::kServerError;
    case RCB_BAD_ANSWER:
      return ErrorCode::kAnswerInvalid;
    case RCB_BAD_SETTINGS:
      return ErrorCode::kSettingsInvalid;
    case RCB_EXPIRED:
      return ErrorCode::kCredentialExpired;
    default:
      return ErrorCode::kModuleMisbehaved;
  }
}

rcb_status statusOf(const Error& error) {
  if (error.code() == ErrorCode::kCredentialExpired) return RCB_EXPIRED;
  switch (error.kind()) {
    case ErrorKind::kRefused:
      return RCB_REFUSED;
    case ErrorKind::kUnavailable:
      return RCB_UNAVAILABLE;
    case ErrorKind::kBadAnswer:
      return RCB_BAD_ANSWER;
    case ErrorKind::kConfig:
      return RCB_BAD_SETTINGS;
    default:
      return RCB_INTERNAL;
  }
}

}  // namespace rcb
