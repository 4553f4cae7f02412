// The token exchange with Cloudsmith: POST https://{apiHost}{path} with the token and the service, answered by {"token": <JWT>}.
#pragma once

#include <rcb/provider.hpp>

#include <string>
#include <string_view>

namespace rcb::cloudsmith {

// A slug, the form of Cloudsmith's names of organizations and services. Strict, because the organization becomes part of the URL's path.
inline constexpr std::string_view kSlugPattern = "[A-Za-z0-9][A-Za-z0-9_-]{0,99}";

class Exchange final : public sdk::Provider {
 public:
  static constexpr Setting kSettings[] = {
      {.name = "organization",
       .required = true,
       .annotatable = true,
       .pattern = kSlugPattern,
       .summary = "The slug of the Cloudsmith organization that owns the service."},
      {.name = "service",
       .required = true,
       .annotatable = true,
       .pattern = kSlugPattern,
       .summary = "The slug of the Cloudsmith service account to get a token for."},
      {.name = "apiHost",
       .type = Type::kHost,
       .defaultValue = "api.cloudsmith.io",
       .summary = "The host of the token exchange endpoint, with its port if that is not 443."},
      {.name = "path",
       .defaultValue = "/openid/{organization}/",
       .pattern = "/[A-Za-z0-9_{}/.-]*",
       .summary = "The path of the token exchange endpoint; {organization} is replaced by the organization. Newer "
                  "documentation shows /v2/openid/{organization}."},
      {.name = "headers",
       .list = true,
       .secret = true,
       .pattern = "[A-Za-z0-9._-]+: ?[ -~]*",
       .summary = "Additional headers of the request, each as \"Name: value\"."},
  };
  static constexpr Description kDescription = {
      .name = "cloudsmith",
      .version = "1.0.0",
      .summary = "Exchanges the pod's token for a token of a Cloudsmith service account, by OIDC.",
      .needsToken = true,
      .settings = kSettings,
  };

  void provide(const Request& request, const Host& host) override;
};

// https://{apiHost}{path}, with the organization filled in.
std::string exchangeUrl(std::string_view apiHost, std::string_view path, std::string_view organization);

// "Name: value" as a field, without spaces around the value.
sdk::Field splitHeader(std::string_view header);

}  // namespace rcb::cloudsmith
