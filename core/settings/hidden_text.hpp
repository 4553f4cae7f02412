// Characters by which a file can read otherwise to a person than to a parser ("Trojan Source", CVE-2021-42574): line breaks that only one of
// the two sees, characters that reorder what stands around them, and characters that are not seen at all.
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

// The first one, in a comment or anywhere else. Tabs, line feeds and carriage returns in front of them are no such characters. Looks no further
// than the first byte that is not UTF-8, where the parser gives up.
std::optional<HiddenCharacter> findHiddenCharacter(std::string_view text);

// The place of a byte, its column counted in characters, as libyaml counts it.
Mark markAt(std::string_view text, std::size_t offset);

}  // namespace rcb
