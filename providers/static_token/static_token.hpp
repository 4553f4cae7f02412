// User name and password from files: a file each, or one file in a format that others write. Read per run, so that a rotated file counts at once.
#pragma once

#include <rcb/provider.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rcb::static_token {

struct StaticToken {
  static constexpr sdk::Setting kSettings[] = {
      {.name = "username", .pattern = "[!-9;-~]{1,255}", .summary = "The user name, with passwordFile."},
      {.name = "usernameFile",
       .type = RCB_SETTING_FILE,
       .summary = "A file that holds the user name, instead of username."},
      {.name = "passwordFile",
       .type = RCB_SETTING_FILE,
       .summary = "A file that holds the password; one line end behind it is cut off."},
      {.name = "credentialFile",
       .type = RCB_SETTING_FILE,
       .summary = "A file that holds both, instead of the three above: a kubelet CredentialProviderResponse, or a "
                  "docker config.json with auths."},
      {.name = "expiresAt",
       .pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
       .summary =
           "When the credential ends (UTC, as 2030-12-31T23:59:59Z). Cached accordingly, and refused afterwards."},
  };
  static constexpr sdk::Description kDescription = {
      .name = "static-token",
      .version = "1.0.0",
      .summary = "Answers with a user name and password from files on the node.",
      .traits = 0,
      .settings = kSettings,
  };
  static void provide(const sdk::Request& request, sdk::Host& host);
};

struct Credential {
  std::string_view username;
  std::string_view password;
};

// The one line of a file: a line end behind it is cut off. Nothing if it is empty or has more lines.
std::optional<std::string_view> singleLine(std::string_view content);

// Seconds since 1970 of "2030-12-31T23:59:59Z"; nothing if there is no such moment.
std::optional<std::int64_t> parseUtc(std::string_view text);

// The reference token of a JSON pointer for a member's name (RFC 6901).
std::string pointerToken(std::string_view name);

}  // namespace rcb::static_token
