// The first byte chooses how many bytes arrive at once, the rest is what arrives.
#include "core/net/http_head.hpp"
#include "core/net/http_text.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rcb;
  if (size == 0) return 0;
  const std::size_t step = data[0] + std::size_t{1};
  std::string_view wire = test::textOf(data + 1, size - 1);
  const std::size_t sent = wire.size();
  BufferedSource source([&wire, step](char* buffer, std::size_t most) {
    const std::size_t count = std::min({most, step, wire.size()});
    std::copy_n(wire.data(), count, buffer);
    wire.remove_prefix(count);
    return count;
  });
  try {
    const HttpHead head = readHead(source);
    test::require(head.status >= 200 && head.status <= 999);
    std::size_t kept = 0;
    for (const auto& [name, value] : head.headers) {
      kept += name.size() + value.size();
      test::require(!name.empty() && std::all_of(name.begin(), name.end(), isTokenCharacter));
      test::require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
      test::require(trimmed(value) == value);
    }
    test::require(kept < kHeadLimit);
    // Nothing behind the head is lost.
    char byte = 0;
    std::size_t rest = 0;
    while (source.take(&byte, 1) == 1) ++rest;
    test::require(rest < sent);
  } catch (const HeadProblem&) {
  }
  return 0;
}
