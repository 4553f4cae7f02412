#include "providers/static_token/static_token.hpp"

#include "providers/static_token/credential_file.hpp"

#include <string>

namespace rcb::static_token {
namespace {

using sdk::Expiry;
using sdk::Failure;
using sdk::Status;

// Reads a file that contains one value, without the line break at its end. The host checks the value, which may be a key of several lines.
std::string_view readValue(std::string_view path, const sdk::Host& host) {
  std::string_view content = host.readFile(path);
  if (!content.empty() && content.back() == '\n') content.remove_suffix(1);
  if (!content.empty() && content.back() == '\r') content.remove_suffix(1);
  return content;
}

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
  const std::string_view user = username.empty() ? readValue(request.setting("usernameFile"), host) : username;
  host.emit({user, readValue(request.setting("passwordFile"), host), expiry});
}

}  // namespace rcb::static_token
