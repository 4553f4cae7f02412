// One string as a JSON literal with its quotes (RFC 8259 section 7), for documents that a caller puts together itself.
#pragma once

#include "core/support/secret.hpp"

#include <optional>
#include <string_view>

namespace rcb {

// The text must be UTF-8. A secret, since the text may be one.
Secret encodeJsonString(std::string_view text);

// No value if the literal is anything but one string, from its first quote to its last, that parseJson() reads.
std::optional<Secret> decodeJsonString(std::string_view literal);

}  // namespace rcb
