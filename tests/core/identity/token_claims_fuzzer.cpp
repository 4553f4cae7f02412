// The input is a token; and, as hardly any input is one, also the claims of one.
#include "core/identity/token_claims.hpp"
#include "core/support/error.hpp"
#include "tests/core/identity/jwt.hpp"
#include "tests/support/fuzz_input.hpp"

namespace {

using rcb::test::require;

void check(std::string_view token) {
  const rcb::Expiry expiry = rcb::jwtExpiry(token);
  const bool known = expiry.kind == rcb::Expiry::Kind::kAt;
  for (const std::int64_t now : {std::int64_t{0}, std::int64_t{1'800'000'000}, std::int64_t{253402300799}}) {
    const auto cached = rcb::cacheDuration(expiry, rcb::UnixTime(std::chrono::seconds(now)), std::chrono::hours(12));
    require(cached.count() == 0 || cached < expiry.longest);
  }
  try {
    const rcb::TokenClaims claims = rcb::parseTokenClaims(token);
    require(claims.expiresAt.has_value() == known);
    require(!known || claims.expiresAt == expiry.at);
    require(!known ||
            (expiry.at.time_since_epoch().count() >= 0 && expiry.at.time_since_epoch().count() < 253402300800));
  } catch (const rcb::Error& error) {
    require(error.code() == rcb::ErrorCode::kTokenInvalid && !known);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  check(text);
  check(rcb::test::jwt(text));
  return 0;
}
