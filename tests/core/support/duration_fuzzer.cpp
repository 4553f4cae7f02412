#include "core/support/duration.hpp"
#include "tests/support/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace std::chrono_literals;
  const auto parsed = rcb::parseDuration(rcb::test::textOf(data, size));
  if (!parsed) return 0;
  rcb::test::require(*parsed >= 0ms && *parsed <= 10'000h);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*parsed);
  rcb::test::require(rcb::parseDuration(rcb::formatDuration(seconds)) == seconds);
  return 0;
}
