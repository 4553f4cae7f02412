// A Provider that calls the C table of a module, wherever its code runs.
#pragma once

#include "core/modules/module_code.hpp"
#include "core/modules/provider.hpp"
#include "core/settings/setting_spec.hpp"

#include "rcb/provider_abi.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace rcb {

class HostServices;

class ModuleProvider : public Provider {
 public:
  // Calls the entry function and checks its table, which must have this `name`; if that is empty, any. The entry function is told that the host is
  // 1.`hostMinor`. Throws Error(kModuleRefused) with the fault of the table, and what the code throws.
  ModuleProvider(std::unique_ptr<ModuleCode> code, std::string_view name, std::uint32_t hostMinor = RCB_ABI_MINOR);
  // The same for code in this process.
  ModuleProvider(rcb_provider_entry entry, std::string_view name);

  const ProviderDescription& description() const override { return description_; }
  // The minor version of the contract that the module was built with.
  std::uint32_t builtFor() const { return table_->abi_minor; }
  void check(const ProviderRequest& request, const ProviderServices& services) const override;
  IssuedCredential provide(const ProviderRequest& request, const ProviderServices& services) const override;

 private:
  using Function = rcb_status (ModuleCode::*)(const rcb_host&, const rcb_request&);

  // Calls a function of the table. No exception leaves it but an Error that says that the module threw one.
  rcb_status call(Function function, const HostServices& host, const rcb_request& request) const;

  std::unique_ptr<ModuleCode> code_;
  const rcb_provider* table_ = nullptr;
  ProviderDescription description_;
};

}  // namespace rcb
