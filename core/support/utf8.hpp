// How text is encoded: what is UTF-8, and what bytes are instead that somebody took for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// True if the bytes are well-formed UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF).
bool isUtf8(std::string_view bytes);

// Why the bytes are not a string in UTF-8, such as editors and shells of other systems write, as a predicate: "is UTF-16, not UTF-8". Quotes nothing
// of them. No value if they are such a string; one with a NUL byte or a byte order mark is not.
std::optional<std::string> encodingFault(std::string_view bytes);

}  // namespace rcb
