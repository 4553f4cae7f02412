// What Google answers with: an access token and when it expires, in the words of OAuth (STS) and of Google's own interfaces (IAM).
#pragma once

#include <rcb/provider.hpp>

#include <optional>
#include <string_view>

namespace rcb::gar {

struct AccessToken {
  std::string_view value;               // the host's
  std::optional<sdk::Time> expiration;  // at most twelve hours from now; nothing if the answer does not tell it
};

// {"access_token": "ya29…", "expires_in": 2874}. Throws Failure (kBadAnswer).
AccessToken readStsAnswer(std::string_view json, const sdk::Host& host);

// {"accessToken": "ya29…", "expireTime": "2026-11-29T03:00:00.123Z"}. Throws Failure (kBadAnswer).
AccessToken readImpersonationAnswer(std::string_view json, const sdk::Host& host);

}  // namespace rcb::gar
