// Base64 in both alphabets (RFC 4648 sections 4 and 5): as lenient as Go for docker's files, as strict as RFC 7515 for tokens.
#pragma once

#include "core/support/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// The alphabet with "+/", as Go's encoding/base64 decodes docker's `auth` members: line ends are ignored, padding is complete or absent, and
// left-over bits are ignored. No value if the string is not valid.
std::optional<Secret> decodeBase64(std::string_view text);

// The alphabet with "-_", without padding, as in JWTs. Accepts one encoding only of any bytes; no value for any other string.
std::optional<Secret> decodeBase64Url(std::string_view text);

// The inverse of decodeBase64Url().
std::string encodeBase64Url(std::string_view bytes);

}  // namespace rcb
