#include "core/node/pull_records.hpp"
#include "tests/support/fuzz_input.hpp"

using rcb::test::require;

// A record is read or refused with a reason.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  std::string problem;
  require(rcb::parsePulledRecord(text, problem) || !problem.empty());
  problem.clear();
  require(rcb::parsePullIntent(text, problem) || !problem.empty());
  return 0;
}
