// The first byte chooses the measure of the body, the rest is what arrives.
#include "core/net/body_reader.hpp"
#include "core/support/error.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rcb;
  if (size == 0) return 0;
  std::string_view wire = test::textOf(data + 1, size - 1);
  const std::vector<std::pair<std::string, std::string>> measures[] = {
      {{"Transfer-Encoding", "chunked"}}, {{"Content-Length", "10"}}, {}};
  BufferedSource source([&wire](char* buffer, std::size_t most) {
    const std::size_t count = std::min(most, wire.size());
    std::copy_n(wire.data(), count, buffer);
    wire.remove_prefix(count);
    return count;
  });
  try {
    const HttpBody body = readBody(200, measures[data[0] % 3], source, "api.test");
    test::require(body.bytes.size() <= kBodyLimit);
    test::require(body.delimited == (data[0] % 3 != 2));
  } catch (const Error&) {
  }
  return 0;
}
