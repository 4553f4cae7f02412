#include "providers/ecr/role_session.hpp"

#include "providers/ecr/aws_error.hpp"
#include "providers/ecr/session_name.hpp"

#include <string>

namespace rcb::ecr {
namespace {

using sdk::Answer;
using sdk::Body;
using sdk::Encoding;
using sdk::Failure;
using sdk::Fields;
using sdk::Host;
using sdk::Status;

constexpr std::string_view kCredentials =
    "/AssumeRoleWithWebIdentityResponse/AssumeRoleWithWebIdentityResult/Credentials/";

Fields parameters(const RoleRequest& wanted, const sdk::Request& request, const Host& host) {
  std::string session = sessionName(request.namespaceName(), request.serviceAccount(), [&host](std::string_view bytes) {
    return std::string(host.encode(Encoding::kHex, host.sha256(bytes)));
  });
  Fields fields = {{"Action", "AssumeRoleWithWebIdentity"},
                   {"Version", "2011-06-15"},
                   {"RoleArn", wanted.roleArn},
                   {"RoleSessionName", std::move(session)},
                   {"WebIdentityToken", request.token()},
                   {"DurationSeconds", std::to_string(wanted.duration.count())}};
  if (!wanted.policy.empty()) fields.push_back({"Policy", wanted.policy});
  return fields;
}

std::string_view required(const Answer& answer, std::string_view member, const Host& host) {
  const auto text = host.xmlText(answer.body(), std::string(kCredentials).append(member));
  if (!text || text->empty()) {
    throw Failure(Status::kBadAnswer, "the answer from STS contains no " + std::string(member),
                  "check that stsUrl is an STS endpoint");
  }
  return *text;
}

sdk::Time timeOf(const Answer& answer, const Host& host) {
  const auto date = answer.header("Date");
  const auto time = date ? host.parseTime(*date) : std::nullopt;
  return time ? *time : host.now();
}

}  // namespace

RoleSession assumeRole(const RoleRequest& wanted, const sdk::Request& request, const Host& host) {
  // A repeated call does no harm: it starts one more session, which expires unused.
  const Answer answer =
      host.send(sdk::Method::kPost, wanted.endpoint, Body::form(parameters(wanted, request, host)),
                {.headers = {{"Accept", "text/xml"}}, .repeat = sdk::Repeat::kHarmless, .anyStatus = true});
  if (!answer.isSuccess()) throw failureOf("STS", readXmlError(answer, host));
  return {.accessKeyId = required(answer, "AccessKeyId", host),
          .secretAccessKey = required(answer, "SecretAccessKey", host),
          .sessionToken = required(answer, "SessionToken", host),
          .issuedAt = timeOf(answer, host)};
}

}  // namespace rcb::ecr
