// Passwords of Amazon ECR and ECR Public for the pod's own IAM role: STS exchanges the pod's token for a short session of the role
// (role_session.hpp), with which ECR issues the password (authorization_token.hpp). The image's host decides region, partition and endpoints
// (registry_host.hpp). The node's own role is never used.
#pragma once

#include <rcb/provider.hpp>

#include <string_view>

namespace rcb::ecr {

// An IAM role in any partition, with its path if it has one.
inline constexpr std::string_view kRoleArnPattern =
    "arn:aws(-cn|-us-gov|-eusc|-iso|-iso-b|-iso-e|-iso-f)?:iam::[0-9]{12}:role/([A-Za-z0-9_+=,.@-]+/){0,32}"
    "[A-Za-z0-9_+=,.@-]{1,64}";

// An origin in the form that the header Host has, because that is signed.
inline constexpr std::string_view kOriginPattern = "https://[a-z0-9.-]+(:[1-9][0-9]{0,4})?/?";

class Ecr final : public sdk::Provider {
 public:
  static constexpr std::string_view kPermissions[] = {"pull", "role"};

  static constexpr Setting kSettings[] = {
      {.name = "roleArn",
       .required = true,
       .annotatable = true,
       .pattern = kRoleArnPattern,
       .summary = "The IAM role to assume, which trusts the cluster's issuer and the pod's service account."},
      {.name = "permissions",
       .type = Type::kChoice,
       .defaultValue = "pull",
       .summary =
           "What the session may do of what the role may: only pull, by a session policy (pull), or everything (role), "
           "as a pull through cache rule requires that creates repositories.",
       .choices = kPermissions},
      {.name = "sessionDuration",
       .type = Type::kDuration,
       .defaultValue = "15m",
       .summary = "How long the role's session is valid, from 15m to 12h and at most as long as the role allows."},
      {.name = "stsUrl",
       .type = Type::kUrl,
       .pattern = kOriginPattern,
       .summary = "The STS endpoint, if it is not the one of the registry's region: a VPC endpoint, for example."},
      {.name = "ecrUrl",
       .type = Type::kUrl,
       .pattern = kOriginPattern,
       .summary = "The ECR API endpoint, if it is not the one of the registry's region: a VPC endpoint, for example."},
  };
  // Of registry_host.cpp. '*' is the region.
  static constexpr std::string_view kHosts[] = {
      "sts.*.amazonaws.com",
      "sts-fips.*.amazonaws.com",
      "api.ecr.*.amazonaws.com",
      "api.ecr-fips.*.amazonaws.com",
      "api.ecr-public.us-east-1.amazonaws.com",
      "sts.*.api.aws",
      "sts-fips.*.api.aws",
      "ecr.*.api.aws",
      "ecr-fips.*.api.aws",
      "ecr-public.us-east-1.api.aws",
      "sts.*.amazonaws.com.cn",
      "sts-fips.*.amazonaws.com.cn",
      "api.ecr.*.amazonaws.com.cn",
      "api.ecr-fips.*.amazonaws.com.cn",
      "sts.*.api.amazonwebservices.com.cn",
      "sts-fips.*.api.amazonwebservices.com.cn",
      "ecr.*.api.amazonwebservices.com.cn",
      "ecr-fips.*.api.amazonwebservices.com.cn",
      "sts.*.amazonaws.eu",
      "sts-fips.*.amazonaws.eu",
      "api.ecr.*.amazonaws.eu",
      "api.ecr-fips.*.amazonaws.eu",
      "sts.*.c2s.ic.gov",
      "sts-fips.*.c2s.ic.gov",
      "api.ecr.*.c2s.ic.gov",
      "api.ecr-fips.*.c2s.ic.gov",
      "sts.*.sc2s.sgov.gov",
      "sts-fips.*.sc2s.sgov.gov",
      "api.ecr.*.sc2s.sgov.gov",
      "api.ecr-fips.*.sc2s.sgov.gov",
      "sts.*.cloud.adc-e.uk",
      "sts-fips.*.cloud.adc-e.uk",
      "api.ecr.*.cloud.adc-e.uk",
      "api.ecr-fips.*.cloud.adc-e.uk",
      "sts.*.csp.hci.ic.gov",
      "sts-fips.*.csp.hci.ic.gov",
      "api.ecr.*.csp.hci.ic.gov",
      "api.ecr-fips.*.csp.hci.ic.gov",
  };
  static constexpr Description kDescription = {
      .name = "ecr",
      .version = "1.0.0",
      .summary = "Exchanges the pod's token for a password of Amazon ECR, by an IAM role that the pod may assume.",
      .needsToken = true,
      .settings = kSettings,
      .hosts = kHosts,
  };

  void provide(const Request& request, const Host& host) override;
  void check(const Request& request, const Host& host) override;
};

}  // namespace rcb::ecr
