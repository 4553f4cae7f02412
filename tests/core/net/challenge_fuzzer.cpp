#include "core/net/challenge.hpp"
#include "tests/support/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rcb;
  const std::vector<Challenge> challenges = parseChallenges(test::textOf(data, size));
  test::require(challenges.size() <= 16);
  for (const Challenge& challenge : challenges) {
    test::require(!challenge.scheme.empty() && challenge.parameters.size() <= 32);
    for (const auto& [name, value] : challenge.parameters) test::require(challenge.find(name) != nullptr);
  }
  return 0;
}
