#include "providers/gar/external_account.hpp"

#include "providers/gar/impersonation_request.hpp"
#include "providers/gar/sts_request.hpp"

#include <string>
#include <utility>

namespace rcb::gar {
namespace {

using sdk::Failure;
using sdk::Host;
using sdk::Status;

constexpr std::string_view kIdToken = "urn:ietf:params:oauth:token-type:id_token";

// Of the members that change the exchange, those that no rule for pods needs: a client of the STS, and the project of a workforce pool.
constexpr std::string_view kNotSupported[] = {"client_id", "client_secret", "workforce_pool_user_project"};

// The host withholds a reason that shares 16 characters with the file, such as those of "external_account".
[[noreturn]] void refuse(std::string reason, std::string advice = {}) {
  throw Failure(Status::kBadSettings, "credentialsFile: " + std::move(reason), std::move(advice));
}

std::string_view required(std::string_view json, std::string_view member, const Host& host) {
  const auto text = host.jsonText(json, "/" + std::string(member));
  if (!text || text->empty()) refuse("the file has no string " + std::string(member));
  return *text;
}

void requireType(std::string_view json, const Host& host) {
  const std::string_view type = required(json, "type", host);
  if (type == "external_account") return;
  if (type == "service_account") {
    refuse("the file is the key of a service account, which is a long-lived password",
           "use workload identity federation instead of keys, or the module static-token with the user name _json_key");
  }
  refuse("the file's type is not that of workload identity federation",
         "write it with `gcloud iam workload-identity-pools create-cred-config`");
}

}  // namespace

Federation readExternalAccount(std::string_view json, std::string_view stsHost, std::string_view iamCredentialsHost,
                               const Host& host) {
  requireType(json, host);
  for (const std::string_view member : kNotSupported) {
    if (host.jsonKind(json, "/" + std::string(member))) {
      refuse(std::string(member) + " is not supported", "write the file for a workload identity pool");
    }
  }
  if (required(json, "token_url", host) != stsUrl(stsHost)) {
    refuse("the file's token_url is not /v1/token of the host in stsHost",
           "if the file is of another universe, set stsHost and iamCredentialsHost");
  }
  Federation federation;
  federation.audience = required(json, "audience", host);
  federation.subjectTokenType = required(json, "subject_token_type", host);
  if (federation.subjectTokenType != kJwt && federation.subjectTokenType != kIdToken) {
    refuse("the file's subject_token_type is not that of a JWT", "write the file for a provider of type OIDC");
  }
  if (!host.jsonKind(json, "/service_account_impersonation_url")) return federation;
  const auto account = accountIn(required(json, "service_account_impersonation_url", host), iamCredentialsHost);
  if (!account) {
    refuse("the file's service_account_impersonation_url is not that of an account on the host in iamCredentialsHost",
           "if the file is of another universe, set stsHost and iamCredentialsHost");
  }
  federation.serviceAccount = *account;
  constexpr std::string_view kLifetime = "/service_account_impersonation/token_lifetime_seconds";
  if (!host.jsonKind(json, kLifetime)) return federation;
  const auto seconds = host.jsonInteger(json, kLifetime);
  if (!seconds) refuse("the file's token_lifetime_seconds is not an integer");
  federation.lifetime = std::chrono::seconds(*seconds);
  return federation;
}

}  // namespace rcb::gar
