// Character classes and comparison of names in HTTP.
#pragma once

#include "core/support/ascii.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace rcb {

// The characters of method, header and scheme names (RFC 9110 section 5.6.2).
constexpr bool isTokenCharacter(char c) { return isAlnum(c) || isOneOf(c, "!#$%&'*+-.^_`|~"); }

// Header names are case-insensitive.
inline bool isSameName(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lowered(a) == lowered(b); });
}

// Without leading and trailing spaces, tabs and line breaks.
inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t start = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(start, text.find_last_not_of(kBlanks) + 1 - start);
}

}  // namespace rcb
