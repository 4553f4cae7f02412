#include "core/support/http_url.hpp"

#include "core/support/ascii.hpp"
#include "core/support/authority.hpp"
#include "core/support/error.hpp"
#include "core/support/host_name.hpp"
#include "core/support/ip_address.hpp"
#include "core/support/percent_coding.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace rcb {
namespace {

constexpr std::size_t kUrlLimit = 8192;
constexpr std::string_view kScheme = "https://";

Error refused(std::string_view what, const std::string& why) {
  return Error(ErrorCode::kSettingsInvalid, "the " + std::string(what) + " is refused: " + why);
}

// Each function here returns why the text is refused; an empty string if it is not.

// Allows the characters of path and query in RFC 3986; a percent sign only before two hexadecimal digits.
std::string targetFault(std::string_view target) {
  constexpr std::string_view kPunctuation = "-._~!$&'()*+,;=:@/?";
  for (std::size_t i = 0; i < target.size(); ++i) {
    const char c = target[i];
    if (c == '%') {
      if (!readEscape(target.substr(i))) return "it contains a '%' that is not followed by two hexadecimal digits";
      continue;
    }
    if (!isAlnum(c) && !isOneOf(c, kPunctuation)) {
      return "its path or query contains a character that must be percent-encoded";
    }
  }
  return {};
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

std::string readHost(std::string_view text, HttpHost& host) {
  const Authority parts = splitAuthority(text);
  if (parts.bracketed) {
    const std::optional<IpAddress> address = parseIpv6Address(parts.host);
    if (!address || address->isV4()) return "its host in brackets is not a valid IPv6 address";
    host.name = address->text();
  } else {
    const std::optional<std::string> name = parseHostName(parts.host);
    if (!name) return "its host is neither a DNS name nor an IP address";
    host.name = *name;
  }
  if (parts.port) {
    const std::optional<std::uint16_t> port = parsePort(*parts.port);
    if (!port) return "its port is not a number from 1 to 65535";
    host.port = *port;
  }
  return {};
}

std::string readUrl(std::string_view text, HttpUrl& url) {
  if (text.size() > kUrlLimit) return "it is longer than 8 KiB";
  for (const char c : text) {
    if (c == ' ' || !isPrintable(c)) return "it contains a space, a control character or a non-ASCII character";
  }
  if (lowered(text.substr(0, kScheme.size())) != kScheme) return "it does not begin with https://";
  if (text.find('#') != std::string_view::npos) return "it contains a fragment ('#')";
  text.remove_prefix(kScheme.size());
  const std::string_view authority = text.substr(0, text.find_first_of("/?"));
  text.remove_prefix(authority.size());
  if (authority.find('@') != std::string_view::npos) return "it contains user information before an '@'";
  HttpHost host;
  if (std::string why = readHost(authority, host); !why.empty()) return why;
  url.host = std::move(host.name);
  url.port = host.port;
  if (std::string why = targetFault(text); !why.empty()) return why;
  if (!text.starts_with('/')) url.target = '/';
  url.target += text;
  if (hasDotSegment(std::string_view(url.target).substr(0, url.target.find('?')))) {
    return "its path contains a '.' or '..' segment";
  }
  return {};
}

}  // namespace

std::string HttpUrl::authority() const {
  const std::string both = joinAuthority(host, port);
  return port == 443 ? both.substr(0, both.rfind(':')) : both;
}

HttpUrl parseHttpUrl(std::string_view text) {
  HttpUrl url;
  const std::string why = readUrl(text, url);
  if (why.empty()) return url;
  throw refused("URL", why).advise("write https://host[:port]/path, with special characters percent-encoded");
}

std::string httpUrlFault(std::string_view text) {
  HttpUrl url;
  return readUrl(text, url);
}

HttpHost parseHttpHost(std::string_view text) {
  HttpHost host;
  const std::string why = readHost(text, host);
  if (why.empty()) return host;
  throw refused("host", why).advise("write a DNS name or an IP address, with its port if that is not 443");
}

std::string httpHostFault(std::string_view text) {
  HttpHost host;
  return readHost(text, host);
}

}  // namespace rcb
