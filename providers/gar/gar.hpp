// Google Artifact Registry and Container Registry by workload identity federation: Google's STS exchanges the pod's token for an access token, and on
// demand Google's IAM exchanges that for the access token of a service account. The last one is the password.
#pragma once

#include "providers/gar/impersonation_request.hpp"

#include <rcb/provider.hpp>

#include <string_view>

namespace rcb::gar {

// A provider in a workload identity pool, or a GKE cluster in the pool of its project. The first is the same in every universe: it is a name, not a
// host (https://github.com/google-github-actions/auth/issues/521).
inline constexpr std::string_view kAudiencePattern =
    "//iam\\.googleapis\\.com/projects/[0-9]{1,20}/locations/global/workloadIdentityPools/[a-z0-9-]{4,32}/providers/"
    "[a-z0-9-]{4,32}|identitynamespace:[a-z0-9.:-]{1,160}\\.svc\\.id\\.goog:https://[!-~]{1,500}";

class Gar final : public sdk::Provider {
 public:
  static constexpr Setting kSettings[] = {
      {.name = "stsAudience",
       .pattern = kAudiencePattern,
       .summary =
           "The provider in the workload identity pool, as Google's STS names it: "
           "//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER, "
           "or identitynamespace:PROJECT.svc.id.goog:URL of a GKE cluster."},
      {.name = "credentialsFile",
       .type = Type::kFile,
       .summary = "Instead of stsAudience: a JSON file of type external_account, as `gcloud iam "
                  "workload-identity-pools create-cred-config` writes it."},
      {.name = "serviceAccount",
       .annotatable = true,
       .pattern = kServiceAccountPattern,
       .summary = "The service account to impersonate, instead of that of credentialsFile. Without one, the pod pulls "
                  "with its own identity in the pool."},
      {.name = "lifetime",
       .type = Type::kDuration,
       .summary = "How long the access token of the service account is valid, from 10m to 12h. Without it, that of "
                  "credentialsFile, or 1h, Google's limit without a policy that extends it."},
      {.name = "scope",
       .defaultValue = "https://www.googleapis.com/auth/cloud-platform",
       .pattern = "https://www\\.googleapis\\.com/auth/[a-z0-9._-]{1,100}",
       .summary = "What the access token may be used for."},
      {.name = "stsHost",
       .type = Type::kHost,
       .defaultValue = "sts.googleapis.com",
       .summary = "Google's Security Token Service: another universe's, or an endpoint of Private Service Connect."},
      {.name = "iamCredentialsHost",
       .type = Type::kHost,
       .defaultValue = "iamcredentials.googleapis.com",
       .summary = "Where a service account is impersonated: in the same universe as stsHost."},
  };
  static constexpr std::string_view kFederations[] = {"stsAudience", "credentialsFile"};
  static constexpr Relation kRelations[] = {{RelationKind::kOneOf, kFederations}};
  static constexpr Description kDescription = {
      .name = "gar",
      .version = "1.0.0",
      .summary = "Exchanges the pod's token for an access token of Google Cloud, which Artifact Registry accepts.",
      .needsToken = true,
      .settings = kSettings,
      .relations = kRelations,
  };

  void provide(const Request& request, const Host& host) override;
  void check(const Request& request, const Host& host) override;
};

}  // namespace rcb::gar
