// Globs over names: '*' stands for any run of characters, also an empty one, and '?' for exactly one. There is no escape.
#pragma once

#include <string_view>

namespace rcb {

// Whether the whole text matches. At most pattern × text steps, whatever the pattern.
bool globMatches(std::string_view pattern, std::string_view text);

}  // namespace rcb
