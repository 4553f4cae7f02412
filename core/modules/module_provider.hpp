// A Provider that calls the C table of a module, built in or loaded.
#pragma once

#include "core/modules/provider.hpp"
#include "core/settings/setting_spec.hpp"

#include "rcb/provider_abi.h"

#include <string_view>

namespace rcb {

class ModuleProvider : public Provider {
 public:
  // Calls the entry function and checks its table, which must have this `name`. Throws Error(kModuleRefused) with the fault of the table.
  ModuleProvider(rcb_provider_entry entry, std::string_view name);

  const ProviderDescription& description() const override { return description_; }
  IssuedCredential provide(const ProviderRequest& request, const ProviderServices& services) const override;

 private:
  using Function = rcb_status (*)(const rcb_host*, const rcb_request*);

  // Calls a function of the table. No exception leaves it but an Error that says that the module threw one.
  rcb_status call(Function function, const rcb_host& host, const rcb_request& request) const;

  const rcb_provider* table_ = nullptr;
  ProviderDescription description_;
};

}  // namespace rcb
