#include "core/support/base64.hpp"
#include "tests/core/support/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // There is one spelling of any bytes, so decoding and encoding give the text back.
  if (const auto bytes = rcb::decodeBase64Url(text)) rcb::test::require(rcb::encodeBase64Url(bytes->reveal()) == text);
  const auto back = rcb::decodeBase64Url(rcb::encodeBase64Url(text));
  rcb::test::require(back && back->reveal() == text);
  if (const auto bytes = rcb::decodeBase64(text)) rcb::test::require(bytes->size() <= size / 4 * 3 + 2);
  return 0;
}
