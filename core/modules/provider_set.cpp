#include "core/modules/provider_set.hpp"

#include "core/modules/module_library.hpp"
#include "core/modules/module_provider.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rcb {
namespace {

rcb_provider_entry findBuiltin(std::span<const BuiltinProvider> builtins, const std::vector<std::string_view>& names,
                               const std::string& module) {
  const auto found = std::find_if(builtins.begin(), builtins.end(),
                                  [&](const BuiltinProvider& builtin) { return builtin.name == module; });
  if (found != builtins.end()) return found->entry;
  const std::string_view near = nearest(module, names);
  throw Error(ErrorCode::kModuleRefused,
              fmt::format("there is no built-in provider \"{}\": {}", printable(module, 80),
                          near.empty() ? fmt::format("the built-in providers are {}", fmt::join(names, ", "))
                                       : fmt::format("did you mean {}?", near)))
      .advise("use the name of a built-in provider or the absolute path of a module");
}

}  // namespace

std::vector<std::string_view> ProviderSet::builtinNames() const {
  std::vector<std::string_view> names;
  for (const BuiltinProvider& builtin : builtins_) names.push_back(builtin.name);
  return names;
}

const Provider& ProviderSet::open(const std::string& module) {
  auto& provider = opened_[module];
  if (!provider) {
    provider = isPath(module)
                   ? std::make_unique<ModuleProvider>(loadModule(module, moduleFolders_), moduleNameOf(module))
                   : std::make_unique<ModuleProvider>(findBuiltin(builtins_, builtinNames(), module), module);
  }
  return *provider;
}

}  // namespace rcb
