// Where a document that a JSON parser has refused stops being JSON, so that its author can be told without a word of it being quoted. Reads it a
// second time, by the grammar of RFC 8259 alone; nobody waits for that, as the run fails.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// The first fault and its place, as "expected ',' or '}' at line 3, column 7"; columns count characters. No value if it is one document of at most
// `depth` levels, whose strings hold no NUL. The text must be UTF-8.
std::optional<std::string> findJsonFault(std::string_view text, std::size_t depth);

}  // namespace rcb
