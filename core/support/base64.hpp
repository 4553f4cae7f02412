// Base64 in both alphabets (RFC 4648 sections 4 and 5): as lenient as the programs that read docker's files, as strict as RFC 7515 for tokens, and
// as RFC 7468 for certificates.
#pragma once

#include "core/support/secret.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

enum class Base64Alphabet {
  kStandard,  // "+/"
  kUrl,       // "-_"
};

// As Go's encoding/base64 reads docker's `auth` members: line ends are ignored wherever they are, padding is complete or
// absent, and left-over bits are ignored. No value if the string is not valid.
std::optional<Secret> decodeBase64(std::string_view text, Base64Alphabet alphabet = Base64Alphabet::kStandard);

// The alphabet with "-_", without padding, as in JWTs. Accepts one encoding only of any bytes; no value for any other string.
std::optional<Secret> decodeBase64Url(std::string_view text);

// The body of a PEM block (RFC 7468 section 3): "+/" with white space anywhere, in full groups of four. The bytes are in `buffer`, which may be
// reused.
std::optional<std::span<const unsigned char>> decodePemBody(std::string_view body, std::vector<unsigned char>& buffer);

// "+/" with padding; "-_" without. A secret, since what is encoded so are user names and passwords.
Secret encodeBase64(std::string_view bytes, Base64Alphabet alphabet = Base64Alphabet::kStandard);

// "-_" for public bytes: the inverse of decodeBase64Url().
std::string encodeBase64Url(std::string_view bytes);

}  // namespace rcb
