// Classes of ASCII characters, independent of the locale. Bytes above 0x7f belong to none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace rcb {

constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool isLower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool isLetter(char c) { return isLower(c) || isUpper(c); }
constexpr bool isAlnum(char c) { return isLetter(c) || isDigit(c); }
constexpr bool isControl(char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }
constexpr bool isPrintable(char c) { return c >= 0x20 && c < 0x7f; }  // blanks, but no tabs
constexpr char lowered(char c) { return isUpper(c) ? static_cast<char>(c + 32) : c; }

inline std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lowered(c); });
  return result;
}

// The value of a hexadecimal digit; -1 for any other character.
constexpr int hexValue(char c) {
  if (isDigit(c)) return c - '0';
  const char letter = lowered(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// Whether `c` is one of a few characters. Several times as fast as find(), which calls memchr().
constexpr bool isOneOf(char c, std::string_view few) {
  return std::any_of(few.begin(), few.end(), [c](char one) { return one == c; });
}

// Blanks and line ends, as JSON, PEM and HTTP have them.
inline constexpr std::string_view kWhiteSpace = " \t\r\n";

// Without white space around it.
constexpr std::string_view trimmed(std::string_view text) {
  const std::size_t start = std::min(text.find_first_not_of(kWhiteSpace), text.size());
  return text.substr(start, text.find_last_not_of(kWhiteSpace) + 1 - start);
}

}  // namespace rcb
