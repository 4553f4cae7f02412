#include "providers/builtin.hpp"

extern "C" {
const rcb_provider* rcb_builtin_acr(const rcb_host_info*);
const rcb_provider* rcb_builtin_cloudsmith(const rcb_host_info*);
const rcb_provider* rcb_builtin_ecr(const rcb_host_info*);
const rcb_provider* rcb_builtin_gar(const rcb_host_info*);
const rcb_provider* rcb_builtin_passthrough(const rcb_host_info*);
const rcb_provider* rcb_builtin_static_token(const rcb_host_info*);
const rcb_provider* rcb_builtin_token_exchange(const rcb_host_info*);
}

namespace rcb {

std::span<const BuiltinProvider> builtinProviders() {
  static constexpr BuiltinProvider kProviders[] = {
      {"acr", rcb_builtin_acr},
      {"cloudsmith", rcb_builtin_cloudsmith},
      {"ecr", rcb_builtin_ecr},
      {"gar", rcb_builtin_gar},
      {"passthrough", rcb_builtin_passthrough},
      {"static-token", rcb_builtin_static_token},
      {"token-exchange", rcb_builtin_token_exchange},
  };
  return kProviders;
}

}  // namespace rcb
