// One label of a pattern's host: plain text, in which '*' stands for any run of characters. Go's filepath.Match knows more signs, but none that
// its URL parser lets into a host.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

bool labelMatches(std::string_view glob, std::string_view label);

// A label that both globs match, if there is one; a proper DNS label wherever one is among them.
std::optional<std::string> commonLabel(std::string_view left, std::string_view right);

}  // namespace rcb
