// Base64 in both alphabets (RFC 4648 sections 4 and 5): as lenient as the programs that read docker's files, as strict as RFC 7515 for tokens.
#pragma once

#include "core/support/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// "+/", as Go's encoding/base64 reads docker's `auth` members: line ends count for nothing wherever they are, padding is complete or left out, and
// left-over bits are ignored.
std::optional<Secret> decodeBase64(std::string_view text);

// "-_" without padding, as JWTs use it, and nothing else: there is one spelling of any bytes.
std::optional<Secret> decodeBase64Url(std::string_view text);

// The reverse of decodeBase64Url().
std::string encodeBase64Url(std::string_view bytes);

}  // namespace rcb
