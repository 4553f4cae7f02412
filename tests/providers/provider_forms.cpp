#include "tests/providers/provider_forms.hpp"

namespace rcb::test {

std::string builtModuleFolder() { return RCB_BINARY_DIR "/lib/registry-credential-broker"; }

}  // namespace rcb::test
