// What this build is.
#pragma once

#include <string>
#include <string_view>

namespace rcb {

extern const std::string_view kVersion;  // the CMake project's

// Name, version, and the ABI of the modules that it loads, if it loads any.
std::string versionText(bool json);

}  // namespace rcb
