// What this build is, and what it lacks on this machine.
#pragma once

#include "core/process/confinement.hpp"

#include <string>

namespace rcb {

// Name, version and the ABI of the modules that it loads, if it loads any; then the commit, or "unknown" if it was not built in a git clone, the
// compiler, the platform, and the versions of the linked libraries: the same for two builds of one commit. Last, which parts of the confinement are
// missing here.
std::string versionText(bool json, const Confinement& confinement);

}  // namespace rcb
