// Whatever a script contains, it is read or has a problem, and has no more answers than its limit.

#include "core/commands/script_file.hpp"
#include "tests/support/fuzz_input.hpp"

using rcb::test::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rcb::ProblemList problems;
  const auto script = rcb::readScriptFile(rcb::test::textOf(data, size), problems);
  require(script.has_value() == problems.empty());
  require(!script || (script->given.replies.size() <= 1000 && script->given.token));
  return 0;
}
