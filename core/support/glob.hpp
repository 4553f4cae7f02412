// Globs for names: '*' matches any run of characters, also an empty one, and '?' exactly one. There is no escape.
#pragma once

#include <string_view>

namespace rcb {

// Whether the whole text matches. Takes at most pattern × text steps.
bool globMatches(std::string_view pattern, std::string_view text);

}  // namespace rcb
