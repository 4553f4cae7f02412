#include "providers/builtin.hpp"

extern "C" {
const rcb_provider* rcb_builtin_cloudsmith(const rcb_host_info*);
const rcb_provider* rcb_builtin_passthrough(const rcb_host_info*);
const rcb_provider* rcb_builtin_static_token(const rcb_host_info*);
}

namespace rcb {

std::span<const BuiltinProvider> builtinProviders() {
  static constexpr BuiltinProvider kProviders[] = {
      {"cloudsmith", rcb_builtin_cloudsmith},
      {"passthrough", rcb_builtin_passthrough},
      {"static-token", rcb_builtin_static_token},
  };
  return kProviders;
}

}  // namespace rcb
