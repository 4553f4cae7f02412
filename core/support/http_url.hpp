// Parses the only kind of URL that a request may use: absolute, https, without anything that two parsers could interpret differently. Settings that
// are URLs or hosts are read by the same functions, so that the broker file cannot contain what a request refuses.
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

// Why parseHttpUrl() refuses the text, as in "it does not begin with https://"; empty if it does not. Quotes nothing of the text.
std::string httpUrlFault(std::string_view text);

// The part of a URL after "https://" and before the path.
struct HttpHost {
  std::string name;  // as HttpUrl::host
  std::uint16_t port = 443;
};

// "host", "host:port", "[v6]", "[v6]:port": accepts exactly what a URL may have. Throws Error(kSettingsInvalid) with the reason.
HttpHost parseHttpHost(std::string_view text);

// As httpUrlFault().
std::string httpHostFault(std::string_view text);

}  // namespace rcb
