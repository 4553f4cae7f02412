// Whatever a file contains, the needs of a library are read within its bounds, and a need that the loader would search in the working directory is a
// problem.

#include "core/modules/library_needs.hpp"
#include "tests/support/fuzz_input.hpp"

using rcb::test::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rcb::LibraryNeeds needs = rcb::readLibraryNeeds({data, size}, "/origin");
  if (!needs.problem.empty()) return 0;
  for (const std::string& name : needs.libraries) {
    require(!name.empty() && name.find_first_of("/$") == std::string::npos);
  }
  for (const std::string& folder : needs.folders) {
    require(folder.starts_with('/') && folder.find_first_of("$:") == std::string::npos);
  }
  return 0;
}
