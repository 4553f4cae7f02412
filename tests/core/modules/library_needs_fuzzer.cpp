// Whatever a file contains, the needs of a library are read within its bounds, and a need that the loader would search in the working directory is a
// problem.

#include "core/modules/library_needs.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rcb::LibraryNeeds needs = rcb::readLibraryNeeds({data, size});
  if (!needs.problem.empty()) return 0;
  for (const std::string& name : needs.libraries) {
    if (name.empty() || name.find_first_of("/$") != std::string::npos) std::abort();
  }
  for (const std::string& folder : needs.folders) {
    if (!folder.starts_with('/') || folder.find_first_of("$:") != std::string::npos) std::abort();
  }
  return 0;
}
