#include "providers/gar/gar.hpp"

#include "providers/gar/access_token.hpp"
#include "providers/gar/federation.hpp"
#include "providers/gar/sts_request.hpp"

#include <chrono>
#include <string>

namespace rcb::gar {
namespace {

using sdk::Body;
using sdk::Failure;
using sdk::Fields;
using sdk::Host;
using sdk::LogLevel;
using sdk::Repeat;
using sdk::Request;
using sdk::Status;

// What Artifact Registry wants with an access token (https://cloud.google.com/artifact-registry/docs/docker/authentication#token).
constexpr std::string_view kUserName = "oauth2accesstoken";

// The pull of a large image can take longer, and every layer is requested with the token.
constexpr std::chrono::minutes kShortLifetime{5};

// Repeating either request does no harm: it issues one more short-lived token.
AccessToken federate(const Federation& federation, const Request& request, const Host& host) {
  const std::string_view scope = federation.serviceAccount.empty() ? request.setting("scope") : kIamScope;
  const Body body = Body::form(stsParameters(federation, scope, request.token()));
  return readStsAnswer(host.post(stsUrl(request.setting("stsHost")), body, {}, Repeat::kHarmless), host);
}

AccessToken impersonate(const Federation& federation, std::string_view token, const Request& request,
                        const Host& host) {
  const std::string url = impersonationUrl(request.setting("iamCredentialsHost"), federation.serviceAccount);
  const Body body = Body::json(impersonationBody(request.setting("scope"), federation.lifetime));
  const Fields headers = {{"Authorization", "Bearer " + std::string(token)}};
  try {
    return readImpersonationAnswer(host.post(url, body, headers, Repeat::kHarmless), host);
  } catch (const Failure& failure) {
    // The host knows the reason, which is Google's.
    if (failure.status() != Status::kRefused) throw;
    throw Failure(Status::kRefused, {},
                  "check that the service account exists, and that it grants the pod's principal "
                  "roles/iam.workloadIdentityUser");
  }
}

void warnIfShort(const AccessToken& token, const Host& host) {
  if (!token.expiration) return;
  const std::chrono::seconds left = *token.expiration - host.now();
  if (left >= kShortLifetime) return;
  host.log(LogLevel::kWarn, "the access token expires in less than five minutes, so the pull of a large image can fail",
           {{"seconds", std::to_string(left.count())}});
}

}  // namespace

void Gar::provide(const Request& request, const Host& host) {
  const Federation federation = federationOf(request, host);
  AccessToken token = federate(federation, request, host);
  if (!federation.serviceAccount.empty()) token = impersonate(federation, token.value, request, host);
  warnIfShort(token, host);
  host.emit({kUserName, token.value, token.expiration ? Expiry::at(*token.expiration) : Expiry::unknown()});
}

void Gar::check(const Request& request, const Host& host) { federationOf(request, host); }

}  // namespace rcb::gar
