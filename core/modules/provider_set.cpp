#include "core/modules/provider_set.hpp"

#include "core/modules/contained_module.hpp"
#include "core/modules/installed_modules.hpp"
#include "core/modules/module_library.hpp"
#include "core/modules/module_provider.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rcb {
namespace {

constexpr std::string_view kBuiltin = "the built-in provider";

const BuiltinProvider* find(std::span<const BuiltinProvider> builtins, std::string_view name) {
  const auto found = std::find_if(builtins.begin(), builtins.end(),
                                  [name](const BuiltinProvider& builtin) { return builtin.name == name; });
  return found == builtins.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string_view> ProviderSet::builtinNames() const {
  std::vector<std::string_view> names;
  for (const BuiltinProvider& builtin : builtins_) names.push_back(builtin.name);
  return names;
}

bool ProviderSet::isBuiltin(std::string_view module) const { return find(builtins_, module) != nullptr; }

std::vector<InstalledModule> ProviderSet::installed() const {
  std::vector<InstalledModule> modules;
  for (const std::string& folder : moduleFolders_) {
    const ModuleFolder content = readModuleFolder(folder);
    for (const std::string& name : content.names) {
      InstalledModule module{.name = name, .path = modulePath(folder, name), .shadowedBy = {}, .problem = {}};
      if (const std::vector<std::string> files = modulesNamed(name, moduleFolders_); isBuiltin(name)) {
        module.shadowedBy = kBuiltin;
      } else if (!files.empty() && files.front() != module.path) {
        module.shadowedBy = files.front();
      }
      modules.push_back(std::move(module));
    }
    if (!content.problem.empty()) modules.push_back({{}, folder, {}, content.problem});
  }
  return modules;
}

std::vector<std::string> ProviderSet::shadowedBy(const std::string& module) const {
  if (isPath(module)) return {};
  std::vector<std::string> files = modulesNamed(module, moduleFolders_);
  if (!isBuiltin(module) && !files.empty()) files.erase(files.begin());
  return files;
}

std::string ProviderSet::fileOf(const std::string& module) const {
  if (isPath(module)) return module;
  if (isBuiltin(module)) return {};
  const std::vector<std::string> files = modulesNamed(module, moduleFolders_);
  if (files.empty()) throw unknown(module);
  return files.front();
}

Error ProviderSet::unknown(const std::string& module) const {
  std::vector<std::string> known;
  for (const std::string_view name : builtinNames()) known.emplace_back(name);
  for (const InstalledModule& installed : this->installed()) {
    if (!installed.name.empty() && installed.shadowedBy.empty()) known.push_back(installed.name);
  }
  const std::string_view near = nearest(module, known);
  return Error(ErrorCode::kModuleRefused,
               fmt::format("there is no provider \"{}\": {}", printable(module, 80),
                           near.empty() ? fmt::format("the providers are {}", fmt::join(known, ", "))
                                        : fmt::format("did you mean {}?", near)))
      .advise("use a name that `registry-credential-broker providers` lists, or the absolute path of a module");
}

const Provider& ProviderSet::open(const std::string& module) {
  const BuiltinProvider* builtin = find(builtins_, module);
  const std::string file = builtin == nullptr ? fileOf(module) : module;
  auto& provider = opened_[file];
  if (!provider && builtin != nullptr) provider = std::make_unique<ModuleProvider>(builtin->entry, module);
  if (!provider) {
    const std::string name = moduleNameOf(file);
    provider = std::make_unique<ModuleProvider>(
        containedModule(openModule(file, moduleFolders_), name, mustBeConfined_), name);
  }
  return *provider;
}

}  // namespace rcb
