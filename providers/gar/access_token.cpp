#include "providers/gar/access_token.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace rcb::gar {
namespace {

using sdk::Failure;
using sdk::Host;
using sdk::Status;
using std::chrono::seconds;

// No access token of Google lives longer. An answer that says otherwise is not believed, so that the token is not cached beyond its end.
constexpr seconds kLongestLifetime = std::chrono::hours(12);

[[noreturn]] void refuse(std::string reason) { throw Failure(Status::kBadAnswer, std::move(reason)); }

// RFC 6749 appendix A.12. Without spaces, since the token is sent in a header.
bool isToken(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::string_view tokenIn(std::string_view json, std::string_view pointer, std::string_view who, const Host& host) {
  const auto token = host.jsonText(json, pointer);
  if (!token || token->empty()) refuse("the answer from Google's " + std::string(who) + " has no access token");
  if (!isToken(*token))
    refuse("the access token from Google's " + std::string(who) + " has a character that is not valid");
  return *token;
}

}  // namespace

AccessToken readStsAnswer(std::string_view json, const Host& host) {
  AccessToken token{tokenIn(json, "/access_token", "STS", host), {}};
  if (!host.jsonKind(json, "/expires_in")) return token;
  const auto lifetime = host.jsonInteger(json, "/expires_in");
  if (!lifetime || *lifetime <= 0) refuse("expires_in in the answer from Google's STS is not a number of seconds");
  token.expiration = host.now() + seconds(std::min<std::int64_t>(*lifetime, kLongestLifetime.count()));
  return token;
}

AccessToken readImpersonationAnswer(std::string_view json, const Host& host) {
  AccessToken token{tokenIn(json, "/accessToken", "IAM", host), {}};
  if (!host.jsonKind(json, "/expireTime")) return token;
  const auto text = host.jsonText(json, "/expireTime");
  const auto time = text ? host.parseTime(*text) : std::nullopt;
  if (!time) refuse("expireTime in the answer from Google's IAM is not a time");
  token.expiration = std::min(*time, host.now() + kLongestLifetime);
  return token;
}

}  // namespace rcb::gar
