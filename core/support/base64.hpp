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

// As Go's encoding/base64 reads docker's `auth` members: line ends count for nothing wherever they are, padding is complete or left out, and
// left-over bits are ignored.
std::optional<Secret> decodeBase64(std::string_view text, Base64Alphabet alphabet = Base64Alphabet::kStandard);

// "-_" without padding, as JWTs use it, and nothing else: there is one spelling of any bytes.
std::optional<Secret> decodeBase64Url(std::string_view text);

// The body of a PEM block (RFC 7468 section 3): "+/" with white space anywhere, in full groups of four. The bytes lie in `buffer`: one buffer serves
// any number of bodies.
std::optional<std::span<const unsigned char>> decodePemBody(std::string_view body, std::vector<unsigned char>& buffer);

// With "+/" and padding. A secret, since what is encoded so are user names and passwords.
Secret encodeBase64(std::string_view bytes);

// The reverse of decodeBase64Url().
std::string encodeBase64Url(std::string_view bytes);

}  // namespace rcb
