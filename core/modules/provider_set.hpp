// All providers of a run: the built-in ones by name, shared libraries by path. Nothing is loaded before it is asked for.
#pragma once

#include "core/modules/provider.hpp"

#include "rcb/provider_abi.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// The built-in table is made in providers/builtin.cpp and handed in by main(), so that core never includes a provider.
struct BuiltinProvider {
  std::string_view name;
  rcb_provider_entry entry;
};

class ProviderSet {
 public:
  explicit ProviderSet(std::span<const BuiltinProvider> builtins) : builtins_(builtins) {}

  std::vector<std::string_view> builtinNames() const;
  static bool isPath(std::string_view module) { return !module.empty() && module.front() == '/'; }

  // By a rule's `module`. Throws Error(kModuleRefused): unknown name (with the nearest known one), or a library that may not or cannot be
  // loaded. Valid as long as the set.
  const Provider& open(const std::string& module);

 private:
  std::span<const BuiltinProvider> builtins_;
  std::map<std::string, std::unique_ptr<Provider>> opened_;
};

}  // namespace rcb
