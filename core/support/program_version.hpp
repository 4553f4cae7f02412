// The version of this build: the CMake project's, such as "0.1.0".
#pragma once

#include <string_view>

namespace rcb {

extern const std::string_view kProgramVersion;

}  // namespace rcb
