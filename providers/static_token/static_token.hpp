// Returns a user name and password from files: one file each, or one file in a format that other programs write. They are read at every run, so that
// a rotated password takes effect at once.
#pragma once

#include <rcb/provider.hpp>

#include <string_view>

namespace rcb::static_token {

class StaticToken final : public sdk::Provider {
 public:
  static constexpr Setting kSettings[] = {
      {.name = "username", .pattern = "[!-9;-~]{1,255}", .summary = "The user name, with passwordFile."},
      {.name = "usernameFile", .type = Type::kFile, .summary = "A file with the user name, instead of username."},
      {.name = "passwordFile",
       .type = Type::kFile,
       .summary = "A file with the password, which may have several lines; one line break at its end is removed."},
      {.name = "credentialFile",
       .type = Type::kFile,
       .summary = "A file with both, instead of the three settings above: a kubelet CredentialProviderResponse, or a "
                  "docker config.json (or .dockercfg) that contains passwords."},
      {.name = "expiresAt",
       .pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})",
       .summary =
           "When the credential expires, as 2030-12-31T23:59:59Z. It is cached accordingly, and refused afterwards."},
  };
  // With these two, passwordFile has exactly one of username and usernameFile, and credentialFile stands alone.
  static constexpr std::string_view kPasswords[] = {"passwordFile", "credentialFile"};
  static constexpr std::string_view kUserNames[] = {"username", "usernameFile", "credentialFile"};
  static constexpr Relation kRelations[] = {{RelationKind::kOneOf, kPasswords}, {RelationKind::kOneOf, kUserNames}};
  static constexpr Description kDescription = {
      .name = "static-token",
      .version = "1.0.0",
      .summary = "Returns a user name and password from files on the node.",
      .settings = kSettings,
      .relations = kRelations,
  };

  void provide(const Request& request, const Host& host) override;
};

}  // namespace rcb::static_token
