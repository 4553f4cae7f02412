// Parses the only kind of URL that a request may use: absolute, https, without anything that two parsers could interpret differently.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rcb {

struct HttpUrl {
  std::string host;  // lower case; an IPv6 address in its usual notation without brackets
  std::uint16_t port = 443;
  std::string target;  // path and query, unchanged; at least "/"

  // The value of the Host header: brackets around an IPv6 address, the port only if it is not 443.
  std::string authority() const;
};

// At most 8 KiB. Throws Error(kSettingsInvalid) with the reason; never quotes more of the URL than its host.
HttpUrl parseHttpUrl(std::string_view text);

}  // namespace rcb
