#include "providers/gar/federation.hpp"

#include "providers/gar/external_account.hpp"

#include <string>
#include <utility>

namespace rcb::gar {
namespace {

using sdk::Failure;
using sdk::Host;
using sdk::Request;
using sdk::Status;
using std::chrono::seconds;

// What Google grants; more than an hour only if the organization's policy iam.allowServiceAccountCredentialLifetimeExtension lists the account. Its
// libraries refuse less than ten minutes.
constexpr seconds kShortestLifetime = std::chrono::minutes(10);
constexpr seconds kLongestLifetime = std::chrono::hours(12);

[[noreturn]] void refuse(std::string reason, std::string advice) {
  throw Failure(Status::kBadSettings, std::move(reason), std::move(advice));
}

// Every host of the public universe ends in it, those of Private Service Connect included.
bool isPublicUniverse(std::string_view host) {
  constexpr std::string_view kDomain = ".googleapis.com";
  return host.size() > kDomain.size() && host.substr(host.size() - kDomain.size()) == kDomain;
}

}  // namespace

Federation federationOf(const Request& request, const Host& host) {
  const std::string_view stsHost = request.setting("stsHost");
  const std::string_view iamHost = request.setting("iamCredentialsHost");
  Federation federation;
  federation.audience = request.setting("stsAudience");
  if (const std::string_view file = request.setting("credentialsFile"); !file.empty()) {
    federation = readExternalAccount(host.readFile(file), stsHost, iamHost, host);
  }
  if (const std::string_view account = request.setting("serviceAccount"); !account.empty()) {
    federation.serviceAccount = account;
  }
  if (const auto lifetime = request.duration("lifetime")) {
    federation.lifetime = std::chrono::duration_cast<seconds>(*lifetime);
  }
  if (federation.lifetime < kShortestLifetime || federation.lifetime > kLongestLifetime) {
    refuse("the lifetime of the service account's token is not between 10m and 12h", "set lifetime to 1h");
  }
  if (!federation.serviceAccount.empty() && isPublicUniverse(stsHost) != isPublicUniverse(iamHost)) {
    refuse("stsHost and iamCredentialsHost are in different universes: one ends in .googleapis.com, the other does not",
           "set both");
  }
  return federation;
}

}  // namespace rcb::gar
