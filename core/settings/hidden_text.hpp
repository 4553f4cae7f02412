// Characters that make a file read differently to a reviewer than to a parser ("Trojan Source", CVE-2021-42574): line breaks that only one of
// the two sees, characters that reorder the text around them, and invisible characters.
#pragma once

#include "core/settings/problem.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

struct HiddenCharacter {
  std::size_t offset;  // of its first byte
  std::string reason;  // as in "U+2028 is not allowed: some programs read it as a line break"
};

// The first one, comments included. Tabs, line feeds and carriage returns before a line feed are allowed. The search ends at the first byte that is
// not UTF-8, where the parser fails.
std::optional<HiddenCharacter> findHiddenCharacter(std::string_view text);

// The position of a byte. Columns count characters, as libyaml's do.
Mark markAt(std::string_view text, std::size_t offset);

}  // namespace rcb
