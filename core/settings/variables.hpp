// Variables in values. The broker file has none: a ConfigMap or a template may leave "${REGION}" behind, which is then taken literally.
#pragma once

#include <string>
#include <string_view>

namespace rcb {

// The end of the reason why a value is invalid, if it contains ${X}, $(X), $X or %X%; else empty.
std::string variableHint(std::string_view value);

// Whether a valid value is likely to contain a variable. Stricter than the above, since '$' is a legal character: Harbor's robot accounts are
// called robot$name. True for ${X}, $(X), %X%, and for $X in uppercase at the start or after a separator.
bool looksLikeVariable(std::string_view value);

}  // namespace rcb
