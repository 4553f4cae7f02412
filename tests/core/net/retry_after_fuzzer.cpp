#include "core/net/retry_after.hpp"
#include "tests/support/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rcb;
  for (const std::int64_t now : {std::int64_t{0}, std::int64_t{784111777}, std::int64_t{253402300799}}) {
    const auto wait = parseRetryAfter(test::textOf(data, size), UnixTime(std::chrono::seconds(now)));
    test::require(!wait || (wait->count() >= 0 && wait->count() <= 86400));
  }
  return 0;
}
