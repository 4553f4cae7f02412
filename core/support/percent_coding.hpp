// Percent-encoding (RFC 3986 section 2.1). Which characters need it differs from place to place; how it is written does not.
#pragma once

#include "core/support/ascii.hpp"
#include "core/support/secret.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace rcb {

// Of "%2F".
inline constexpr std::size_t kEscapeSize = 3;

// What the escape at the front of the text stands for; nothing if there is none: a '%' and two hexadecimal digits of either case.
constexpr std::optional<char> readEscape(std::string_view text) {
  if (text.size() < kEscapeSize || text[0] != '%') return std::nullopt;
  const int high = hexValue(text[1]);
  const int low = hexValue(text[2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

// In uppercase letters (RFC 3986 section 2.1).
constexpr std::array<char, kEscapeSize> escapeOf(char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'%', kDigits[byte >> 4], kDigits[byte & 0xf]};
}

// Escapes every byte except the unreserved characters: letters, digits, '-', '.', '_' and '~' (RFC 3986 section 2.3). A secret, since the bytes may
// be one.
Secret encodePercent(std::string_view bytes);

// Replaces the escapes and keeps everything else, '+' too. No value if a '%' begins no escape.
std::optional<Secret> decodePercent(std::string_view text);

}  // namespace rcb
