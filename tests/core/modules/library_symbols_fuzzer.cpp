// Whatever a file contains, the symbols of a library are read within its bounds, in limited memory, and not if there is a problem.

#include "core/modules/library_symbols.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>

using rcb::test::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rcb::LibrarySymbols symbols = rcb::readLibrarySymbols({data, size});
  require(symbols.problem.empty() ||
          (symbols.exported.empty() && symbols.undefined.empty() && symbols.versions.empty()));
  require(std::is_sorted(symbols.exported.begin(), symbols.exported.end()));
  require(symbols.exported.size() <= 10'000 && symbols.undefined.size() <= 10'000 && symbols.versions.size() <= 1000);
  return 0;
}
