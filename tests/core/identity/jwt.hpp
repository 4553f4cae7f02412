// Tokens for tests: any claims as a JWT with a signature that is never verified.
#pragma once

#include "core/support/base64.hpp"

#include <string>
#include <string_view>

namespace rcb::test {

inline std::string jwt(std::string_view claims) {
  return encodeBase64Url(R"({"alg":"RS256","kid":"k"})") + "." + encodeBase64Url(claims) + ".c2lnbmF0dXJl";
}

}  // namespace rcb::test
