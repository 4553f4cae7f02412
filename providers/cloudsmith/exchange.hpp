// One exchange with Cloudsmith: POST https://{apiHost}{path} with the token and the service, answered by {"token": <JWT>}.
#pragma once

#include <rcb/provider.hpp>

#include <string>
#include <string_view>

namespace rcb::cloudsmith {

// A slug, as Cloudsmith forms names of organizations and services. Strict, because one of them becomes part of the URL's path.
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
       .summary = "The slug of the service account at Cloudsmith whose token is wanted."},
      {.name = "apiHost",
       .defaultValue = "api.cloudsmith.io",
       .pattern = "[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?|\\[[0-9a-fA-F:.]+\\](:[0-9]{1,5})?",
       .summary = "The host of the exchange, with its port if that is not 443."},
      {.name = "path",
       .defaultValue = "/openid/{organization}/",
       .pattern = "/[A-Za-z0-9_{}/.-]*",
       .summary = "The path of the exchange; {organization} stands for the organization. Newer documents show "
                  "/v2/openid/{organization}."},
      {.name = "headers",
       .list = true,
       .secret = true,
       .pattern = "[A-Za-z0-9._-]+: ?[ -~]*",
       .summary = "Further headers of the request, each as \"Name: value\"."},
  };
  static constexpr Description kDescription = {
      .name = "cloudsmith",
      .version = "1.0.0",
      .summary = "Trades the pod's token for a token of a Cloudsmith service, by OIDC.",
      .needsToken = true,
      .settings = kSettings,
  };

  void provide(const Request& request, const Host& host) override;
};

// https://{apiHost}{path}, the organization filled in.
std::string exchangeUrl(std::string_view apiHost, std::string_view path, std::string_view organization);

// "Name: value" as a field, spaces around the value cut off.
sdk::Field splitHeader(std::string_view header);

}  // namespace rcb::cloudsmith
