// What libFuzzer hands over, in our types, and what a fuzzer does when a promise does not hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace rcb::test {

inline std::string_view textOf(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline void promise(bool kept) {
  if (!kept) std::abort();
}

}  // namespace rcb::test
