// What this build is.
#pragma once

#include <string>
#include <string_view>

namespace rcb {

inline constexpr std::string_view kVersion = RCB_VERSION;  // set by CMake from the project's version

// Name, version, module ABI, compiler.
std::string versionText(bool json);

}  // namespace rcb
