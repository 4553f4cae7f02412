#include "core/support/hex.hpp"

#include "core/support/ascii.hpp"

#include <cstddef>

namespace rcb {

Secret encodeHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Secret text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 0xf]);
  }
  return text;
}

std::optional<Secret> decodeHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Secret bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hexValue(text[i]);
    const int low = hexValue(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

}  // namespace rcb
