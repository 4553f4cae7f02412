#include "providers/ecr/aws_error.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace rcb::ecr {
namespace {

using sdk::Answer;
using sdk::Failure;
using sdk::Host;
using sdk::Status;

struct KnownCode {
  std::string_view code;
  Status retryClass;
  std::string_view advice;
};

constexpr std::string_view kWait = "the kubelet will retry; request a higher rate limit from AWS if this persists";
constexpr std::string_view kTrustPolicy =
    "compare the role's trust policy with the pod's issuer, audience, namespace and service account";
constexpr std::string_view kClock = "compare the node's clock with the time of another machine";
constexpr std::string_view kPolicy = "set `permissions: role`, and limit the role itself to pulling";
constexpr std::string_view kEcrPermission =
    "allow the role ecr:GetAuthorizationToken on all resources; for ECR Public, ecr-public:GetAuthorizationToken and "
    "sts:GetServiceBearerToken";
constexpr std::string_view kSession = "set stsUrl to the regional STS endpoint, or enable the region in the account";

// From the service models and retry rules of botocore 1.44.8, and AWS's lists of common errors.
constexpr KnownCode kCodes[] = {
    {"AccessDenied", Status::kRefused, kTrustPolicy},
    {"AccessDeniedException", Status::kRefused, kEcrPermission},
    {"ExpiredTokenException", Status::kRefused, kClock},
    {"IDPCommunicationError", Status::kUnavailable,
     "the kubelet will retry; check that AWS can reach the issuer's discovery document and keys"},
    {"IDPRejectedClaim", Status::kRefused, kTrustPolicy},
    {"IncompleteSignature", Status::kRefused, kClock},
    {"InternalFailure", Status::kUnavailable, kWait},
    {"InvalidClientTokenId", Status::kRefused, kSession},
    {"InvalidIdentityToken", Status::kRefused,
     "check that the role's account has an IAM OIDC provider for the pod's issuer with the rule's audience"},
    {"InvalidSignatureException", Status::kRefused, kClock},
    {"MalformedPolicyDocument", Status::kRefused, kPolicy},
    {"OptInRequired", Status::kRefused, kSession},
    {"PackedPolicyTooLarge", Status::kRefused, kPolicy},
    {"RegionDisabledException", Status::kRefused,
     "activate STS for this region in the account's IAM settings, or set stsUrl"},
    {"RequestExpired", Status::kRefused, kClock},
    {"RequestLimitExceeded", Status::kUnavailable, kWait},
    {"RequestThrottled", Status::kUnavailable, kWait},
    {"RequestThrottledException", Status::kUnavailable, kWait},
    {"RequestTimeTooSkewed", Status::kRefused, kClock},
    {"ServerException", Status::kUnavailable, kWait},
    {"ServiceUnavailable", Status::kUnavailable, kWait},
    {"SignatureDoesNotMatch", Status::kRefused, kClock},
    {"SlowDown", Status::kUnavailable, kWait},
    {"ThrottledException", Status::kUnavailable, kWait},
    {"Throttling", Status::kUnavailable, kWait},
    {"ThrottlingException", Status::kUnavailable, kWait},
    {"TooManyRequestsException", Status::kUnavailable, kWait},
    {"TransactionInProgressException", Status::kUnavailable, kWait},
    {"UnrecognizedClientException", Status::kRefused, kSession},
    {"ValidationError", Status::kRefused,
     "check roleArn, and that sessionDuration does not exceed the role's maximum session duration"},
};

const KnownCode* find(std::string_view code) {
  const auto* const found =
      std::find_if(std::begin(kCodes), std::end(kCodes), [code](const KnownCode& known) { return known.code == code; });
  return found == std::end(kCodes) ? nullptr : found;
}

bool isLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// The text if it has the form of a code or ID; otherwise empty.
std::string_view identifier(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  const bool fits = text.size() <= kLongest && std::all_of(text.begin(), text.end(), [](char c) {
                      return isLetterOrDigit(c) || c == '-' || c == '.' || c == '_';
                    });
  return fits ? text : std::string_view();
}

bool hasType(const Answer& answer, std::string_view part) {
  const auto type = answer.header("Content-Type");
  return type && type->substr(0, type->find(';')).find(part) != std::string_view::npos;
}

AwsError readHead(const Answer& answer) {
  AwsError error{.status = answer.status()};
  for (const std::string_view name : {"x-amzn-RequestId", "x-amz-request-id"}) {
    const auto id = answer.header(name);
    if (id && error.requestId.empty()) error.requestId = identifier(*id);
  }
  return error;
}

// "AccessDeniedException" of "com.amazonaws.ecr#AccessDeniedException" and of "AccessDeniedException:http://internal.amazon.com/…".
std::string_view codeOf(std::string_view text) {
  text = text.substr(0, text.find(':'));
  return identifier(text.substr(text.rfind('#') + 1));
}

// Server errors are told by their status. A body that is broken then, as of an overloaded server, would hide that.
bool isReadable(const Answer& answer) { return answer.status() < 500 && answer.status() != 429; }

Status classOfStatus(int status) {
  if (status >= 300 && status <= 399) return Status::kBadAnswer;
  if (status == 408 || status == 425 || status == 429 || status >= 500) return Status::kUnavailable;
  return Status::kRefused;
}

std::string_view adviceFor(Status retryClass) {
  switch (retryClass) {
    case Status::kUnavailable:
      return "the kubelet will retry; check the AWS Health Dashboard if this persists";
    case Status::kBadAnswer:
      return "set stsUrl or ecrUrl to an endpoint that does not redirect";
    default:
      return "check the role and the rule's settings";
  }
}

}  // namespace

AwsError readXmlError(const Answer& answer, const Host& host) {
  AwsError error = readHead(answer);
  if (!isReadable(answer) || !(hasType(answer, "text/xml") || hasType(answer, "application/xml"))) return error;
  const auto text = [&](std::string_view path) {
    return host.xmlText(answer.body(), path).value_or(std::string_view());
  };
  error.code = identifier(text("/ErrorResponse/Error/Code"));
  error.message = text("/ErrorResponse/Error/Message");
  if (error.requestId.empty()) error.requestId = identifier(text("/ErrorResponse/RequestId"));
  return error;
}

AwsError readJsonError(const Answer& answer, const Host& host) {
  AwsError error = readHead(answer);
  if (const auto type = answer.header("x-amzn-ErrorType")) error.code = codeOf(*type);
  if (!isReadable(answer) || !hasType(answer, "json")) return error;
  const auto text = [&](std::string_view pointer) {
    return host.jsonText(answer.body(), pointer).value_or(std::string_view());
  };
  if (error.code.empty()) error.code = codeOf(text("/__type"));
  const std::string_view message = text("/message");
  error.message = message.empty() ? text("/Message") : message;
  return error;
}

Status retryClass(const AwsError& error) {
  const Status byStatus = classOfStatus(error.status);
  const KnownCode* known = find(error.code);
  return byStatus == Status::kRefused && known != nullptr ? known->retryClass : byStatus;
}

Failure failureOf(std::string_view service, const AwsError& error) {
  std::string reason = std::string(service) + " answered " + std::to_string(error.status);
  if (!error.code.empty()) reason += " " + error.code;
  if (!error.requestId.empty()) reason += " (request " + error.requestId + ")";
  if (!error.message.empty()) reason += ": " + error.message;
  const Status status = retryClass(error);
  const KnownCode* known = find(error.code);
  return {status, std::move(reason), std::string(known != nullptr ? known->advice : adviceFor(status))};
}

}  // namespace rcb::ecr
