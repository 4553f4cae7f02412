// Names of hosts: labels of letters, digits and inner hyphens, joined by dots (RFC 1123 section 2.1). There are two readers because there are two
// rules: what an image's name may hold, and what is handed to a resolver.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// The host of an image's name (github.com/distribution/reference, `domain-name`): no underscores, labels of any length. IPv4 addresses are such
// names, as are all other numbers.
bool isDnsName(std::string_view text);

// A name to be resolved (lower case in the result) or an IPv4 address; nothing for all else. Labels have up to 63 characters and the whole up to
// 253 (RFC 1035 section 2.3.4); underscores are taken, since private networks have such hosts; numbers that inet_aton() would take for an address
// are not.
std::optional<std::string> parseHostName(std::string_view text);

}  // namespace rcb
