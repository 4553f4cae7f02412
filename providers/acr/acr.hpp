// Exchanges the pod's token for a credential of an Azure container registry, in two requests:
//
//   1. Microsoft Entra takes it as the assertion of an application or managed identity that has a federated credential, and issues an access token:
//      POST https://{authorityHost}/{tenantId}/oauth2/v2.0/token
//   2. The registry exchanges that for its refresh token, which is the password:
//      POST https://{login server}/oauth2/exchange
//
// There is no third request, for the registry's challenge (GET /v2/): its answer is known. The service is the login server's name, and the token is
// sent to the login server, not to a host that an answer names.
#pragma once

#include "providers/acr/clouds.hpp"

#include <rcb/provider.hpp>

#include <string_view>

namespace rcb::acr {

// Of an application or managed identity.
inline constexpr std::string_view kGuidPattern = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
// A GUID or a domain; not "common" and its like, which are of no tenant. Strict, because the tenant becomes part of the URL's path.
inline constexpr std::string_view kTenantPattern =
    "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?[.])+[A-Za-z]{2,"
    "63}";

class Acr final : public sdk::Provider {
 public:
  static constexpr Setting kSettings[] = {
      {.name = "tenantId",
       .required = true,
       .annotatable = true,
       .pattern = kTenantPattern,
       .summary = "The tenant of the application or managed identity: its ID, or one of its domains."},
      {.name = "clientId",
       .required = true,
       .annotatable = true,
       .pattern = kGuidPattern,
       .summary = "The client ID of the application or managed identity that has a federated credential for the pod's "
                  "service account."},
      {.name = "cloud",
       .type = Type::kChoice,
       .defaultValue = kClouds[0].name,
       .summary = "The cloud of tenant and registry.",
       .choices = kCloudNames.values},
      {.name = "loginServer",
       .type = Type::kHost,
       .summary = "The registry's login server, if images are named by another host: a mirror or a custom domain."},
      {.name = "authorityHost",
       .type = Type::kHost,
       .summary = "The host of Microsoft Entra, in place of the cloud's."},
      {.name = "registrySuffix",
       .pattern = "[a-z0-9-]+([.][a-z0-9-]+)+",
       .summary = "What login servers' names end with, in place of the cloud's: for a cloud that is not in the list."},
      {.name = "scope",
       .defaultValue = "https://containerregistry.azure.net/.default",
       .pattern = "[a-z]+://[A-Za-z0-9./_-]+/[.]default",
       .summary = "The scope of the access token."},
  };
  static constexpr std::string_view kOtherCloud[] = {"registrySuffix", "authorityHost"};
  static constexpr std::string_view kLoginServers[] = {"loginServer", "registrySuffix"};
  static constexpr Relation kRelations[] = {{RelationKind::kNeeds, kOtherCloud},
                                            {RelationKind::kExcludes, kLoginServers}};
  static constexpr Description kDescription = {
      .name = "acr",
      .version = "1.0.0",
      .summary = "Exchanges the pod's token for a credential of an Azure container registry, by Microsoft Entra.",
      .needsToken = true,
      .settings = kSettings,
      .relations = kRelations,
      .hosts = kAuthorityHosts.values,
      .contactsRegistry = true,
  };

  void provide(const Request& request, const Host& host) override;
  void check(const Request& request, const Host& host) override;
};

}  // namespace rcb::acr
