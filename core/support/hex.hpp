// Bytes in hexadecimal (RFC 4648 section 8).
#pragma once

#include "core/support/secret.hpp"

#include <optional>
#include <string_view>

namespace rcb {

// In lowercase. A secret, since the bytes may be one.
Secret encodeHex(std::string_view bytes);

// Two digits a byte, in either case, and nothing between them. No value for any other string.
std::optional<Secret> decodeHex(std::string_view text);

}  // namespace rcb
