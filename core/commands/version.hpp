// What this build is.
#pragma once

#include <string>

namespace rcb {

// Name, version and the ABI of the modules that it loads, if it loads any; then the commit, or "unknown" if it was not built in a git clone, the
// compiler, the platform, and the versions of the linked libraries. The same for two builds of one commit.
std::string versionText(bool json);

}  // namespace rcb
