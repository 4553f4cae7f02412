// Finds the first error in a document that the JSON parser has refused, by the grammar of RFC 8259, and describes it without quoting the document.
// The second pass costs nothing that matters, since the run fails anyway.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// The first error and its position, as in "expected ',' or '}' at line 3, column 7"; columns count characters. No value if the text is one valid
// document of at most `depth` levels without NUL in its strings. The text must be UTF-8.
std::optional<std::string> findJsonFault(std::string_view text, std::size_t depth);

}  // namespace rcb
