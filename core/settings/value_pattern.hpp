// Matching of whole values against the regular expressions of the tables. Each expression is compiled once per run.
#pragma once

#include <string>
#include <string_view>

namespace rcb {

// The pattern, anchored at both ends. Patterns are limited to what PCRE and ECMA 262 have in common, since the JSON schema contains them too.
std::string wholePattern(std::string_view pattern);

// Throws Error(kModuleMisbehaved) if the pattern is not a valid regular expression. A value that exceeds PCRE's match limit does not match.
bool matchesWhole(std::string_view pattern, std::string_view text);

}  // namespace rcb
