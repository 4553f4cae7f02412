// What libFuzzer hands over, in our types, and what a fuzzer's invariants are stated with: a broken one ends the program, which libFuzzer reports
// with the input.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace rcb::test {

inline std::string_view textOf(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline void require(bool holds) {
  if (!holds) std::abort();
}

// Of a message: it is one line of printable ASCII.
inline void requireShowable(std::string_view message) {
  require(std::all_of(message.begin(), message.end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
}

}  // namespace rcb::test
