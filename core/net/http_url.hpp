// The only kind of URL that a request may go to: absolute, https, with nothing in it that two parsers could read differently.
#pragma once

#include <cstdint>
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

// At most 8 KiB. Throws Error(kSettingsInvalid) with the rule that the URL breaks; never quotes more of it than its host.
HttpUrl parseHttpUrl(std::string_view text);

}  // namespace rcb
