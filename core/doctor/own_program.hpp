// Whether a plugin is this program.
#pragma once

#include <string>

namespace rcb {

// Whether the file has the bytes of `own`, which is this program's file, or is another version of this program, or a script that runs it.
bool isThisProgram(const std::string& path, const std::string& own);

// The version that the program says, which is run unless it has the bytes of `own`. Empty if it says none.
std::string versionOfPlugin(const std::string& path, const std::string& own);

}  // namespace rcb
