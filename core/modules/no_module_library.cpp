// For builds without a dynamic loader: refuses every module and names the build to use.
#include "core/modules/module_library.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <span>
#include <string>

namespace rcb {

const bool kLoadsModules = false;

rcb_provider_entry loadModule(const std::string& path, std::span<const std::string> /*folders*/) {
  throw Error(ErrorCode::kModuleRefused,
              "the provider module " + printable(path) + " is refused: this build cannot load shared libraries")
      .advise("install the linux-gnu build, or use a built-in provider");
}

}  // namespace rcb
