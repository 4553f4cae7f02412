// The providers of a run: built-in ones by name, shared libraries by path or by their name in a module folder. They are loaded on first use.
#pragma once

#include "core/modules/module_policy.hpp"
#include "core/modules/provider.hpp"
#include "core/support/error.hpp"

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

// A file in a module folder, or a module folder that cannot be read.
struct InstalledModule {
  std::string name;  // empty for a folder
  std::string path;
  std::string
      shadowedBy;  // why its name does not stand for it: "the built-in provider", or an earlier folder's path; empty if it does
  std::string problem;  // of a folder
};

class ProviderSet {
 public:
  // Shared libraries are loaded from `moduleFolders` only.
  explicit ProviderSet(std::span<const BuiltinProvider> builtins,
                       std::vector<std::string> moduleFolders = defaultModuleFolders())
      : builtins_(builtins), moduleFolders_(std::move(moduleFolders)) {}

  // From now on a shared library is refused where it cannot be confined in every way (`confinement: required`).
  void requireConfinement() { mustBeConfined_ = true; }

  std::vector<std::string_view> builtinNames() const;
  static bool isPath(std::string_view module) { return !module.empty() && module.front() == '/'; }
  // Whether `module` is linked into the program, so that opening it touches no file. A file cannot take a built-in provider's name.
  bool isBuiltin(std::string_view module) const;

  // What is in the module folders, in their order and sorted by name. Reads the folders, not the files.
  std::vector<InstalledModule> installed() const;

  // The file that `module` stands for; empty for a built-in provider. Throws Error(kModuleRefused) for an unknown name, with the nearest known one,
  // built in or installed.
  std::string fileOf(const std::string& module) const;

  // The files in module folders that have the name `module`, and that a rule with it does not use. None for a path.
  std::vector<std::string> shadowedBy(const std::string& module) const;

  // `module` is a rule's `module`. The result is valid as long as the set. Throws Error: kModuleRefused as fileOf(), and for a library that is not in
  // a module folder, not a module for this architecture and version, or has another name; kFileUntrusted and kFileUnreadable; and as
  // containedModule().
  const Provider& open(const std::string& module);

 private:
  Error unknown(const std::string& module) const;

  std::span<const BuiltinProvider> builtins_;
  std::vector<std::string> moduleFolders_;
  bool mustBeConfined_ = false;
  std::map<std::string, std::unique_ptr<Provider>> opened_;
};

}  // namespace rcb
