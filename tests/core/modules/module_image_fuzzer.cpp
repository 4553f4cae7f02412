// Whatever a file contains, the check for the entry symbol stays within it and says either what is wrong or which majors there are.

#include "core/modules/module_image.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>

using rcb::test::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rcb::ModuleImage image = rcb::inspectModule({data, size});
  require(image.problem.empty() || image.majors.empty());
  require(std::is_sorted(image.majors.begin(), image.majors.end()));
  require(image.majors.empty() || image.majors.front() >= 1);
  return 0;
}
