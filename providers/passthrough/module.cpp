// Returns the pod's own token as the password, for registries that verify service account tokens themselves.

#include <rcb/provider.hpp>

namespace rcb::passthrough {

class Passthrough final : public sdk::Provider {
 public:
  static constexpr Setting kSettings[] = {
      {.name = "username",
       .defaultValue = "token",
       .pattern = "[!-9;-~]{1,255}",
       .summary = "The user name to send with the token; many registries ignore it, but it must not be empty or "
                  "contain a colon."},
  };
  static constexpr Description kDescription = {
      .name = "passthrough",
      .version = "1.0.0",
      .summary = "Returns the pod's own token as the password, for a registry that verifies it.",
      .needsToken = true,
      .returnsToken = true,
      .settings = kSettings,
  };

  void provide(const Request& request, const Host& host) override {
    host.emit({request.setting("username"), request.token(), Expiry::fromJwt()});
  }
};

}  // namespace rcb::passthrough

RCB_EXPORT_PROVIDER(rcb::passthrough::Passthrough)
