// The providers of a run: built-in ones by name, shared libraries by path. They are loaded on first use.
#pragma once

#include "core/modules/module_policy.hpp"
#include "core/modules/provider.hpp"

#include "rcb/provider_abi.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

// main() passes in the table of providers/builtin.cpp, so that core never includes a provider.
struct BuiltinProvider {
  std::string_view name;
  rcb_provider_entry entry;
};

class ProviderSet {
 public:
  // Shared libraries are loaded from `moduleFolders` only.
  explicit ProviderSet(std::span<const BuiltinProvider> builtins,
                       std::vector<std::string> moduleFolders = defaultModuleFolders())
      : builtins_(builtins), moduleFolders_(std::move(moduleFolders)) {}

  std::vector<std::string_view> builtinNames() const;
  static bool isPath(std::string_view module) { return !module.empty() && module.front() == '/'; }

  // `module` is a rule's `module`. The result is valid as long as the set. Throws Error: kModuleRefused for an unknown name (with the nearest known
  // one) and for a library that is not in a module folder, not a module for this architecture and version, or has another name; kFileUntrusted and
  // kFileUnreadable.
  const Provider& open(const std::string& module);

 private:
  std::span<const BuiltinProvider> builtins_;
  std::vector<std::string> moduleFolders_;
  std::map<std::string, std::unique_ptr<Provider>> opened_;
};

}  // namespace rcb
