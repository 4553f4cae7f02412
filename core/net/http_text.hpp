// Character classes and comparison of names in HTTP.
#pragma once

#include "core/support/ascii.hpp"

#include <algorithm>
#include <string_view>

namespace rcb {

// The characters of method, header and scheme names (RFC 9110 section 5.6.2).
constexpr bool isTokenCharacter(char c) { return isAlnum(c) || isOneOf(c, "!#$%&'*+-.^_`|~"); }

// Header names are case-insensitive.
inline bool isSameName(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lowered(a) == lowered(b); });
}

// The value of the first header of this name, in a list of name and value; empty if there is none.
template <class Headers>
std::string_view headerValue(const Headers& headers, std::string_view wanted) {
  for (const auto& [name, value] : headers) {
    if (isSameName(name, wanted)) return value;
  }
  return {};
}

}  // namespace rcb
