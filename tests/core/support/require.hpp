// What a fuzzer's invariants are stated with: a broken one ends the program, which libFuzzer reports with the input.
#pragma once

#include <cstdlib>

namespace rcb::test {

inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace rcb::test
