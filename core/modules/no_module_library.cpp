// The builds without a dynamic loader: every module is refused, in words that say which build is the right one.
#include "core/modules/module_library.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <span>
#include <string>

namespace rcb {

const bool kLoadsModules = false;

rcb_provider_entry loadModule(const std::string& path, std::span<const std::string> /*folders*/) {
  throw Error(ErrorCode::kModuleRefused,
              "the provider module " + printable(path) +
                  " is refused: this build loads no shared libraries; the linux-gnu build does")
      .advise("install that one, or name a built-in provider");
}

}  // namespace rcb
