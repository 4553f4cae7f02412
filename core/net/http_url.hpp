// The only kind of URL that a request may go to: absolute, https, with nothing in it that two parsers could read differently.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

struct HttpUrl {
  std::string host;  // lower case; an IPv6 address in its usual notation without brackets
  std::uint16_t port = 443;
  std::string target;  // path and query as written; at least "/"

  // What stands in the Host header: brackets around IPv6, the port only if it is not 443.
  std::string authority() const;
};

// "host:port", with brackets around an IPv6 address.
std::string hostAndPort(const std::string& host, std::uint16_t port);

// At most 8 KiB. Throws Error(kSettingsInvalid) with the rule that the URL breaks; never quotes more of it than its host.
HttpUrl parseHttpUrl(std::string_view text);

// A DNS name (lower case in the result) or an IPv4 address; nothing for all else, such as empty labels, or numbers that inet_aton() would
// take for an address.
std::optional<std::string> parseHostName(std::string_view text);

// A decimal number from 1 to 65535.
std::optional<std::uint16_t> parsePort(std::string_view text);

}  // namespace rcb
