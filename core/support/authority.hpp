// host[:port] as URLs, proxies, exemptions from them and image names have it (RFC 3986 section 3.2). Only the kubelet's patterns are read by other
// rules, those of Go: core/dispatch/go_url.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// The two parts, not yet checked.
struct Authority {
  std::string_view host;   // without its brackets, if they are closed
  bool bracketed = false;  // it begins with a bracket, so it must be an IPv6 address
  std::optional<std::string_view>
      port;  // what follows the ':'; if the bracket is followed by something else, the bracket and all behind it
};

// "host", "host:port", "[v6]", "[v6]:port". A string with several colons and no brackets, such as "::1", is all host.
Authority splitAuthority(std::string_view text);

// "host:port", with brackets around an IPv6 address.
std::string joinAuthority(const std::string& host, std::uint16_t port);

// A decimal number from 1 to 65535.
std::optional<std::uint16_t> parsePort(std::string_view text);

}  // namespace rcb
