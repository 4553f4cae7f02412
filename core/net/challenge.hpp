// The WWW-Authenticate header (RFC 9110 section 11.6.1): one or more challenges, each a scheme with parameters.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

struct Challenge {
  std::string scheme;                                           // in lower case
  std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case, values without their quotes

  // The first value of that name, or null.
  const std::string* find(std::string_view name) const;
};

// All challenges of one header value, in order. Values may be quoted or not, and a comma inside quotes is part of the value. Parsing stops at the
// first syntax error, and complete parts before it are returned. Limits: 8 KiB, 16 challenges, 32 parameters each.
std::vector<Challenge> parseChallenges(std::string_view header);

}  // namespace rcb
