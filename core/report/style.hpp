// Colour in what the program prints: emphasis only, so the output without colour says the same.
#pragma once

#include "core/support/environment.hpp"

#include <string>
#include <string_view>

namespace rcb {

enum class Tone { kGood, kWarning, kBad };

struct Style {
  bool colour = false;

  // `text` between ANSI escape sequences (ECMA-48, SGR); without colour `text` as it is. Pad to a column's width before painting.
  std::string paint(Tone tone, std::string_view text) const;
};

// Colour for a stream that is a terminal, unless NO_COLOR is set and not empty (https://no-color.org) or TERM is `dumb`.
Style styleFor(bool terminal, const Environment& environment);

}  // namespace rcb
