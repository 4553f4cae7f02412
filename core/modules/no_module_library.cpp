// For builds without a dynamic loader: refuses every module and names the build to use. No process is ever one of a module.
#include "core/modules/contained_module.hpp"
#include "core/modules/module_library.hpp"
#include "core/modules/module_process.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <memory>
#include <span>
#include <string>

namespace rcb {

const bool kLoadsModules = false;

ModuleFiles openModule(const std::string& path, std::span<const std::string> /*folders*/) {
  loadUncheckedModule(path);
  return {};
}

std::unique_ptr<ModuleCode> containedModule(const ModuleFiles& /*files*/, const std::string& /*name*/,
                                            bool /*mustBeConfined*/) {
  return nullptr;  // no files have been opened
}

bool isModuleProcess(std::span<char* const> /*arguments*/) { return false; }

int serveModule() { return 0; }

bool isSanitizerLoaded() { return false; }

rcb_provider_entry loadUncheckedModule(const std::string& path) {
  throw Error(ErrorCode::kModuleRefused,
              "the provider module " + printable(path) + " is refused: this build cannot load shared libraries")
      .advise("install the linux-gnu build, or use a built-in provider");
}

}  // namespace rcb
