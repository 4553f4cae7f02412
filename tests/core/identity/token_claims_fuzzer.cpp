// The input is a token; and, as hardly any input is one, also the claims of one.
#include "core/identity/token_claims.hpp"
#include "core/support/error.hpp"
#include "tests/core/identity/jwt.hpp"
#include "tests/core/support/require.hpp"

namespace {

using rcb::test::require;

void check(std::string_view token) {
  const auto expiry = rcb::jwtExpiry(token);
  try {
    const rcb::TokenClaims claims = rcb::parseTokenClaims(token);
    require(claims.expiresAt == expiry);
    require(!expiry || (expiry->time_since_epoch().count() >= 0 && expiry->time_since_epoch().count() < 253402300800));
  } catch (const rcb::Error& error) {
    require(error.code() == rcb::ErrorCode::kTokenInvalid && !expiry);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text);
  check(rcb::test::jwt(text));
  return 0;
}
