// What AWS answers when it does not do what was requested: a status, a code, a short message and the ID under which AWS support finds the request.
#pragma once

#include <rcb/provider.hpp>

#include <string>
#include <string_view>

namespace rcb::ecr {

struct AwsError {
  int status = 0;
  std::string code = {};       // "AccessDenied", without a namespace; empty if the answer has none
  std::string requestId = {};  // empty if the answer has none
  std::string message = {};    // AWS's own; may be empty
};

// Of STS, which answers in XML, and of ECR, which answers in JSON. The body is read only if its Content-Type is theirs: a proxy's page has neither
// code nor message.
AwsError readXmlError(const sdk::Answer& answer, const sdk::Host& host);
AwsError readJsonError(const sdk::Answer& answer, const sdk::Host& host);

// kUnavailable if a later pull may succeed: throttling, which AWS reports with status 400, what AWS calls temporary, 408, 425, 429 and 5xx.
// kBadAnswer for a redirect.
sdk::Status retryClass(const AwsError& error);

// "STS answered 403 AccessDenied (request 1b2c…): Not authorized …", with advice for the codes that operators meet. `service`: "STS".
sdk::Failure failureOf(std::string_view service, const AwsError& error);

}  // namespace rcb::ecr
