#include "core/support/program_version.hpp"

namespace rcb {

const std::string_view kProgramVersion = RCB_VERSION;

}  // namespace rcb
