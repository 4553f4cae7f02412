// SHA-256 and what is built on it, by OpenSSL.
#pragma once

#include "core/support/secret.hpp"

#include <string_view>

namespace rcb {

// The 32 bytes of SHA-256 (FIPS 180-4). Throws Error(kInternal) if OpenSSL does not offer it.
Secret sha256(std::string_view bytes);

// The 32 bytes of HMAC-SHA-256 (RFC 2104). The key may have any length. Throws the same.
Secret hmacSha256(std::string_view key, std::string_view bytes);

}  // namespace rcb
