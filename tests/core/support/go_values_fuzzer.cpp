#include "compat/go_values.hpp"
#include "tests/core/support/require.hpp"

#include <cmath>
#include <cstddef>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using rcb::test::require;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto duration = rcb::parseGoDuration(text)) {
    require(rcb::parseGoDuration(std::to_string(duration->count()) + "ns") == duration);
  }
  if (const auto integer = rcb::parseGoInteger(text)) {
    require(rcb::parseGoInteger(std::to_string(*integer)) == integer);
  }
  if (const auto decimal = rcb::parseGoDecimal(text)) require(std::isfinite(*decimal));
  rcb::parseGoBoolean(text);
  return 0;
}
