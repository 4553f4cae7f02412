// The pod's own token as the password, for registries that verify service account tokens themselves (zot, Harbor with OIDC …).

#include <rcb/provider.hpp>

namespace rcb::passthrough {

struct Passthrough {
  static constexpr sdk::Setting kSettings[] = {
      {.name = "username",
       .defaultValue = "token",
       .pattern = "[!-9;-~]{1,255}",
       .summary = "The user name beside the token; many registries ignore it, but none may be empty or hold a colon."},
  };
  static constexpr sdk::Description kDescription = {
      .name = "passthrough",
      .version = "1.0.0",
      .summary = "Hands the pod's own token to a registry that verifies it.",
      .traits = RCB_TRAIT_NEEDS_TOKEN | RCB_TRAIT_RETURNS_TOKEN,
      .settings = kSettings,
  };
  static void provide(const sdk::Request& request, sdk::Host& host) {
    host.emit(request.setting("username"), request.token(), request.tokenExpiresAt());
  }
};

}  // namespace rcb::passthrough

RCB_EXPORT_PROVIDER(rcb::passthrough::Passthrough)
