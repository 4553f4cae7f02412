#include "core/net/http_url.hpp"

#include "core/net/http_text.hpp"
#include "core/net/ip_address.hpp"
#include "core/support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace rcb {
namespace {

constexpr std::size_t kUrlLimit = 8192;
constexpr std::size_t kNameLimit = 253;
constexpr std::size_t kLabelLimit = 63;
constexpr std::string_view kScheme = "https://";

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::kSettingsInvalid, "the URL is refused: " + why)
      .advise("write https://host[:port]/path, with special characters percent-encoded");
}

bool isLabel(std::string_view label) {
  if (label.empty() || label.size() > kLabelLimit || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) { return isAlnum(c) || c == '-' || c == '_'; });
}

// A last label that resolvers would parse as a number: "1", "0x7f", "017".
bool isNumeric(std::string_view label) {
  if (label.starts_with("0x") || label.starts_with("0X")) return true;
  return std::all_of(label.begin(), label.end(), isDigit);
}

// Allows the characters of path and query in RFC 3986; a percent sign only before two hexadecimal digits.
void checkTarget(std::string_view target) {
  constexpr std::string_view kPunctuation = "-._~!$&'()*+,;=:@/?";
  for (std::size_t i = 0; i < target.size(); ++i) {
    const char c = target[i];
    if (c == '%') {
      if (i + 2 >= target.size() || hexValue(target[i + 1]) < 0 || hexValue(target[i + 2]) < 0) {
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
    const std::string_view escape = path.substr(i, 3);
    if (escape == "%2e" || escape == "%2E") {
      decoded += '.';
      i += 2;
    } else {
      decoded += path[i];
    }
  }
  decoded += '/';
  return decoded.find("/./") != std::string::npos || decoded.find("/../") != std::string::npos;
}

}  // namespace

std::string hostAndPort(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string HttpUrl::authority() const {
  const std::string both = hostAndPort(host, port);
  return port == 443 ? both.substr(0, both.rfind(':')) : both;
}

std::optional<std::string> parseHostName(std::string_view text) {
  if (text.empty() || text.size() > kNameLimit) return std::nullopt;
  if (const std::optional<IpAddress> address = parseIpAddress(text); address && address->isV4()) return address->text();
  std::size_t start = 0;
  for (;;) {
    const std::size_t dot = text.find('.', start);
    const std::string_view label = text.substr(start, dot == std::string_view::npos ? dot : dot - start);
    if (!isLabel(label)) return std::nullopt;
    if (dot == std::string_view::npos) return isNumeric(label) ? std::nullopt : std::optional(lowered(text));
    start = dot + 1;
  }
}

std::optional<std::uint16_t> parsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem != std::errc() || end != text.data() + text.size() || port == 0 || text.size() > 5) return std::nullopt;
  return port;
}

HttpUrl parseHttpUrl(std::string_view text) {
  if (text.size() > kUrlLimit) refuse("it is longer than 8 KiB");
  for (const char c : text) {
    if (c <= 0x20 || c > 0x7e) refuse("it contains a space, a control character or a non-ASCII character");
  }
  if (!isSameName(text.substr(0, kScheme.size()), kScheme)) refuse("it does not begin with https://");
  if (text.find('#') != std::string_view::npos) refuse("it contains a fragment ('#')");
  text.remove_prefix(kScheme.size());
  const std::string_view authority = text.substr(0, text.find_first_of("/?"));
  text.remove_prefix(authority.size());
  if (authority.find('@') != std::string_view::npos) refuse("it contains user information before an '@'");

  HttpUrl url;
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t bracket = authority.find(']');
    const std::optional<IpAddress> address =
        bracket == std::string_view::npos ? std::nullopt : parseIpAddress(authority.substr(1, bracket - 1));
    if (!address || address->isV4()) refuse("its host in brackets is not a valid IPv6 address");
    url.host = address->text();
    port = authority.substr(bracket + 1);
  } else {
    const std::string_view name = authority.substr(0, authority.find(':'));
    const std::optional<std::string> host = parseHostName(name);
    if (!host) refuse("its host is neither a DNS name nor an IP address");
    url.host = *host;
    port = authority.substr(name.size());
  }
  if (!port.empty()) {
    const std::optional<std::uint16_t> number = port.front() == ':' ? parsePort(port.substr(1)) : std::nullopt;
    if (!number) refuse("its port is not a number from 1 to 65535");
    url.port = *number;
  }
  checkTarget(text);
  if (!text.starts_with('/')) url.target = '/';
  url.target += text;
  if (hasDotSegment(std::string_view(url.target).substr(0, url.target.find('?'))))
    refuse("its path contains a '.' or '..' segment");
  return url;
}

}  // namespace rcb
