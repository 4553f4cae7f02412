#include "tests/core/settings/sample_providers.hpp"

#include <stdexcept>

namespace rcb::test {

const std::vector<ProviderDescription>& sampleProviders() {
  static constexpr const char* kSlug = "[a-z0-9][a-z0-9_-]*";
  using enum SettingType;
  static const std::vector<ProviderDescription> providers = {
      {.name = "cloudsmith",
       .version = "1",
       .summary = "Exchanges the token at Cloudsmith.",
       .needsToken = true,
       .settings =
           {
               {.name = "organization",
                .required = true,
                .annotatable = true,
                .pattern = kSlug,
                .summary = "The organization's slug."},
               {.name = "service",
                .required = true,
                .annotatable = true,
                .pattern = kSlug,
                .summary = "The service's slug."},
               {.name = "apiHost", .defaultValue = "api.cloudsmith.io", .summary = "The exchange's host."},
               {.name = "path", .defaultValue = "/openid/{organization}/", .summary = "The exchange's path."},
               {.name = "headers", .list = true, .pattern = "[A-Za-z0-9-]+: .+", .summary = "Further headers."},
           }},
      {.name = "static-token",
       .version = "1",
       .summary = "Reads a long-lived credential.",
       .settings =
           {
               {.name = "username", .summary = "The user."},
               {.name = "usernameFile", .type = kFile, .summary = "A file with the user name."},
               {.name = "passwordFile", .type = kFile, .summary = "A file with the password."},
               {.name = "credentialFile", .type = kFile, .summary = "A file with both."},
               {.name = "format", .pattern = "dockerconfigjson|json", .summary = "What that file is."},
               {.name = "expiresAt", .summary = "When the credential expires."},
           }},
      {.name = "passthrough",
       .version = "1",
       .summary = "Hands the token itself to the registry.",
       .needsToken = true,
       .returnsToken = true,
       .settings = {{.name = "username", .defaultValue = "token", .summary = "The user."}}},
  };
  return providers;
}

const ProviderDescription& sampleProvider(std::string_view name) {
  for (const ProviderDescription& provider : sampleProviders()) {
    if (provider.name == name) return provider;
  }
  throw std::out_of_range("no such provider");
}

}  // namespace rcb::test
