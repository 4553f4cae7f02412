// Checks whether bytes are UTF-8, and recognises what they are instead.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// True if the bytes are well-formed UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF).
bool isUtf8(std::string_view bytes);

// Why the bytes are not a UTF-8 string, as a predicate: "is UTF-16, not UTF-8", which some editors and shells write. Also refuses a NUL byte and a
// byte order mark. No value if they are a UTF-8 string. Quotes nothing of the bytes.
std::optional<std::string> encodingFault(std::string_view bytes);

}  // namespace rcb
