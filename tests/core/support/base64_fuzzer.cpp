#include "core/support/ascii.hpp"
#include "core/support/base64.hpp"
#include "core/support/hex.hpp"
#include "core/support/percent_coding.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace {

// Go's rules once more, the slow way: without line ends, in groups of four, with padding for what was left out of an unpadded text.
std::optional<std::string> referenceDecode(std::string_view text) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string groups;
  std::copy_if(text.begin(), text.end(), std::back_inserter(groups), [](char c) { return c != '\r' && c != '\n'; });
  if (groups.find('=') == std::string::npos && groups.size() % 4 > 1) groups.resize((groups.size() + 3) / 4 * 4, '=');
  if (groups.size() % 4 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < groups.size(); i += 4) {
    const std::string group = groups.substr(i, 4);
    const std::size_t digits = std::min(group.find('='), group.size());
    const bool last = i + 4 == groups.size();
    if (digits < 2 || (digits < 4 && !last) || (digits == 2 && group[3] != '=')) return std::nullopt;
    unsigned bits = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t value = k < digits ? kAlphabet.find(group[k]) : 0;
      if (value == std::string_view::npos) return std::nullopt;
      bits = bits << 6 | static_cast<unsigned>(value);
    }
    for (std::size_t k = 0; k + 1 < digits; ++k) bytes += static_cast<char>(bits >> (16 - 8 * k) & 0xff);
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  // There is one spelling of any bytes, so decoding and encoding give the text back.
  if (const auto bytes = rcb::decodeBase64Url(text)) rcb::test::require(rcb::encodeBase64Url(bytes->reveal()) == text);
  const auto back = rcb::decodeBase64Url(rcb::encodeBase64Url(text));
  rcb::test::require(back && back->reveal() == text);
  const auto bytes = rcb::decodeBase64(text);
  const auto reference = referenceDecode(text);
  rcb::test::require(bytes.has_value() == reference.has_value());
  if (bytes) rcb::test::require(bytes->reveal() == *reference);
  const auto ofHex = rcb::decodeHex(rcb::encodeHex(text).reveal());
  rcb::test::require(ofHex && ofHex->reveal() == text);
  if (const auto hex = rcb::decodeHex(text))
    rcb::test::require(rcb::encodeHex(hex->reveal()).reveal() == rcb::lowered(text));
  const auto ofPercent = rcb::decodePercent(rcb::encodePercent(text).reveal());
  rcb::test::require(ofPercent && ofPercent->reveal() == text);
  if (const auto percent = rcb::decodePercent(text)) rcb::test::require(percent->size() <= size);
  return 0;
}
