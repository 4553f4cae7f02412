// Whole-text matching of values against the regular expressions of tables. Each expression is compiled once in a run.
#pragma once

#include <string>
#include <string_view>

namespace rcb {

// The expression (common subset of PCRE and ECMA 262), made to stand for the whole text; as the schema needs it too.
std::string wholePattern(std::string_view pattern);

// Throws Error(kModuleMisbehaved) if it is no expression. Text that costs too much to match does not match.
bool matchesWhole(std::string_view pattern, std::string_view text);

}  // namespace rcb
