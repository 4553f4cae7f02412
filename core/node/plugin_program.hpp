// The program of an entry in the kubelet's plugin folder (--image-credential-provider-bin-dir).
#pragma once

#include <optional>
#include <string>

namespace rcb {

struct ProgramFault {
  bool fatal = false;  // the kubelet does not start, or cannot run it; if not, other users could change it
  std::string reason;
  std::string advice = {};
};

// What is wrong with the program of this name. No value if nothing is. `folder` is absolute.
std::optional<ProgramFault> findProgramFault(const std::string& folder, const std::string& name);

// Whether both paths lead to the same file, through whatever links.
bool isSameFile(const std::string& left, const std::string& right);

}  // namespace rcb
