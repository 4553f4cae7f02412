// Whatever a file contains, the check for the entry symbol stays within it and says either what is wrong or which majors there are.

#include "core/modules/module_image.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rcb::ModuleImage image = rcb::inspectModule({data, size});
  if (!image.problem.empty() && !image.majors.empty()) std::abort();
  if (!std::is_sorted(image.majors.begin(), image.majors.end())) std::abort();
  if (!image.majors.empty() && image.majors.front() < 1) std::abort();
  return 0;
}
