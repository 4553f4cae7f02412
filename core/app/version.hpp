// What this build is.
#pragma once

#include <string>
#include <string_view>

namespace rcb {

extern const std::string_view kVersion;  // the CMake project's

// Name, version, module ABI, compiler.
std::string versionText(bool json);

}  // namespace rcb
