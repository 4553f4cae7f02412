#include "providers/static_token/static_token.hpp"

#include "providers/static_token/credential_file.hpp"

#include <string>

namespace rcb::static_token {
namespace {

using sdk::Expiry;
using sdk::Failure;
using sdk::Status;

Expiry expiryFrom(std::string_view expiresAt, const sdk::Host& host) {
  if (expiresAt.empty()) return Expiry::never();
  const auto end = host.parseTime(expiresAt);
  if (!end) throw Failure(Status::kBadSettings, "expiresAt is not a valid date", "write it as 2030-12-31T23:59:59Z");
  if (*end <= host.now()) {
    throw Failure(Status::kExpired, "the credential has expired: expiresAt was " + std::string(expiresAt),
                  "put a new credential into its file and update expiresAt");
  }
  return Expiry::at(*end);
}

}  // namespace

void StaticToken::provide(const Request& request, const Host& host) {
  const Expiry expiry = expiryFrom(request.setting("expiresAt"), host);
  if (const std::string_view credentialFile = request.setting("credentialFile"); !credentialFile.empty()) {
    const FileCredential found = findCredential(host.readFile(credentialFile), request, host);
    return host.emit({found.username, found.password, expiry});
  }
  const std::string_view username = request.setting("username");
  const std::string_view user = username.empty() ? host.readValue(request.setting("usernameFile")) : username;
  host.emit({user, host.readValue(request.setting("passwordFile")), expiry});
}

}  // namespace rcb::static_token
