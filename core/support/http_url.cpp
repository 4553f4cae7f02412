#include "core/support/http_url.hpp"

#include "core/support/ascii.hpp"
#include "core/support/authority.hpp"
#include "core/support/error.hpp"
#include "core/support/host_name.hpp"
#include "core/support/ip_address.hpp"
#include "core/support/percent_coding.hpp"

#include <cstddef>
#include <optional>

namespace rcb {
namespace {

constexpr std::size_t kUrlLimit = 8192;
constexpr std::string_view kScheme = "https://";

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kSettingsInvalid, "the URL is refused: " + why)
      .advise("write https://host[:port]/path, with special characters percent-encoded");
}

// Allows the characters of path and query in RFC 3986; a percent sign only before two hexadecimal digits.
void checkTarget(std::string_view target) {
  constexpr std::string_view kPunctuation = "-._~!$&'()*+,;=:@/?";
  for (std::size_t i = 0; i < target.size(); ++i) {
    const char c = target[i];
    if (c == '%') {
      if (!readEscape(target.substr(i))) {
        refuse("it contains a '%' that is not followed by two hexadecimal digits");
      }
      continue;
    }
    if (!isAlnum(c) && !isOneOf(c, kPunctuation)) {
      refuse("its path or query contains a character that must be percent-encoded");
    }
  }
}

// "." and "..", also percent-encoded: servers and proxies disagree on when to resolve them.
bool hasDotSegment(std::string_view path) {
  std::string decoded;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (readEscape(path.substr(i)) == '.') {
      decoded += '.';
      i += kEscapeSize - 1;
    } else {
      decoded += path[i];
    }
  }
  decoded += '/';
  return decoded.find("/./") != std::string::npos || decoded.find("/../") != std::string::npos;
}

}  // namespace

std::string HttpUrl::authority() const {
  const std::string both = joinAuthority(host, port);
  return port == 443 ? both.substr(0, both.rfind(':')) : both;
}

HttpUrl parseHttpUrl(std::string_view text) {
  if (text.size() > kUrlLimit) refuse("it is longer than 8 KiB");
  for (const char c : text) {
    if (c == ' ' || !isPrintable(c)) refuse("it contains a space, a control character or a non-ASCII character");
  }
  if (lowered(text.substr(0, kScheme.size())) != kScheme) refuse("it does not begin with https://");
  if (text.find('#') != std::string_view::npos) refuse("it contains a fragment ('#')");
  text.remove_prefix(kScheme.size());
  const std::string_view authority = text.substr(0, text.find_first_of("/?"));
  text.remove_prefix(authority.size());
  if (authority.find('@') != std::string_view::npos) refuse("it contains user information before an '@'");

  HttpUrl url;
  const Authority parts = splitAuthority(authority);
  if (parts.bracketed) {
    const std::optional<IpAddress> address = parseIpv6Address(parts.host);
    if (!address || address->isV4()) refuse("its host in brackets is not a valid IPv6 address");
    url.host = address->text();
  } else {
    const std::optional<std::string> host = parseHostName(parts.host);
    if (!host) refuse("its host is neither a DNS name nor an IP address");
    url.host = *host;
  }
  if (parts.port) {
    const std::optional<std::uint16_t> port = parsePort(*parts.port);
    if (!port) refuse("its port is not a number from 1 to 65535");
    url.port = *port;
  }
  checkTarget(text);
  if (!text.starts_with('/')) url.target = '/';
  url.target += text;
  if (hasDotSegment(std::string_view(url.target).substr(0, url.target.find('?'))))
    refuse("its path contains a '.' or '..' segment");
  return url;
}

}  // namespace rcb
