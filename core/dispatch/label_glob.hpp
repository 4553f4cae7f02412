// A glob within one host label, as Go's filepath.Match has it: '*' any run of characters, '?' one, '[a-z]' and '[^a-z]' one of a class.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// False too if the glob is malformed.
bool labelMatches(std::string_view glob, std::string_view label);

// True if the glob stands for itself only.
bool isLiteral(std::string_view glob);

// How many of its characters stand for themselves.
std::size_t literalCharacters(std::string_view glob);

// A label that both globs match, if there is one.
std::optional<std::string> commonLabel(std::string_view left, std::string_view right);

}  // namespace rcb
