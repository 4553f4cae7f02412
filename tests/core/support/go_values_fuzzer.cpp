#include "core/support/go_values.hpp"
#include "tests/support/fuzz_input.hpp"

#include <cmath>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using rcb::test::require;
  const std::string_view text = rcb::test::textOf(data, size);
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
