// Base64 in both alphabets (RFC 4648 sections 4 and 5), strict: no line breaks, no stray characters.
#pragma once

#include "core/support/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// "+/" with padding, as docker's `auth` members use it; padding may be left out.
std::optional<Secret> decodeBase64(std::string_view text);

// "-_" without padding, as JWTs use it.
std::optional<Secret> decodeBase64Url(std::string_view text);

// The reverse of decodeBase64Url().
std::string encodeBase64Url(std::string_view bytes);

}  // namespace rcb
