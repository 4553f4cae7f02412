// One label of a pattern's host, in which '*' matches any run of characters. Go's filepath.Match has more wildcards, but Go's URL parser allows none
// of them in a host.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

bool labelMatches(std::string_view glob, std::string_view label);

// A label that both globs match, if there is one; a valid DNS label, if there is one.
std::optional<std::string> commonLabel(std::string_view left, std::string_view right);

}  // namespace rcb
