#include "core/dispatch/go_url.hpp"

#include "core/support/ascii.hpp"
#include "core/support/ip_address.hpp"
#include "core/support/percent_coding.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace rcb {
namespace {

enum class Part { kHost, kZone, kPath };

// Characters below 0x80 that Go allows unescaped in a host.
bool allowedInHost(char c) { return isAlnum(c) || isOneOf(c, "!$&'()*+,;=:[]<>\"-_.~"); }

std::optional<std::string> unescape(std::string_view text, Part part, std::string& reason) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      const std::optional<char> byte = readEscape(text.substr(i));
      // Go allows escapes of bytes above 0x7f in a host, of characters that need none in a zone, and of '%' in both.
      const bool forbidden = byte && ((part == Part::kHost && static_cast<unsigned char>(*byte) < 0x80) ||
                                      (part == Part::kZone && *byte != ' ' && !allowedInHost(*byte)));
      if (!byte || (forbidden && *byte != '%')) {
        reason = "it contains the invalid escape \"" + printable(text.substr(i, kEscapeSize)) + "\"";
        return std::nullopt;
      }
      plain += *byte;
      i += kEscapeSize - 1;
    } else if (part != Part::kPath && static_cast<unsigned char>(c) < 0x80 && !allowedInHost(c)) {
      reason = "its host contains the invalid character '" + printable({&c, 1}) + "'";
      return std::nullopt;
    } else {
      plain += c;
    }
  }
  return plain;
}

bool isOptionalPort(std::string_view text) {
  return text.empty() || (text.front() == ':' && std::all_of(text.begin() + 1, text.end(), isDigit));
}

bool isUserInfo(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return isAlnum(c) || isOneOf(c, "-._:~!$&'()*+,;=%@"); });
}

std::optional<std::string> parseHost(std::string_view host, std::string& reason) {
  const auto bracket = host.rfind('[');
  if (bracket != std::string_view::npos && bracket != 0) {
    reason = "its host contains a '[' that does not begin an IPv6 address";
    return std::nullopt;
  }
  if (bracket == 0) {
    const auto end = host.rfind(']');
    if (end == std::string_view::npos) {
      reason = "its host has a '[' without a matching ']'";
      return std::nullopt;
    }
    if (!isOptionalPort(host.substr(end + 1))) {
      reason = "its port is not a number";
      return std::nullopt;
    }
    const auto zone = std::min(host.substr(0, end).find("%25"), end);
    const auto address = unescape(host.substr(0, zone), Part::kHost, reason);
    const auto scope = unescape(host.substr(zone, end - zone), Part::kZone, reason);
    const auto rest = unescape(host.substr(end), Part::kHost, reason);
    if (!address || !scope || !rest) return std::nullopt;
    if (!parseIpv6Address(std::string_view(*address).substr(1)) || *scope == "%") {
      reason = "the part in brackets is not a valid IPv6 address";
      return std::nullopt;
    }
    return *address + *scope + *rest;
  }
  const auto colon = host.find(':');
  if (colon != std::string_view::npos && !isOptionalPort(host.substr(colon))) {
    reason = "its port is not a number";
    return std::nullopt;
  }
  return unescape(host, Part::kHost, reason);
}

// As net.SplitHostPort. Where that fails, the kubelet takes the whole string as host, without a port.
void splitHostPort(const std::string& text, GoUrl& url) {
  url.host = text;
  url.port.clear();
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return;
  if (text.front() == '[') {
    const auto end = text.find(']');
    if (end == std::string::npos || end + 1 != colon) return;
    url.host = text.substr(1, end - 1);
  } else {
    const std::string host = text.substr(0, colon);
    if (host.find_first_of(":[]") != std::string::npos) return;
    url.host = host;
  }
  url.port = text.substr(colon + 1);
}

}  // namespace

std::optional<GoUrl> parseGoUrl(std::string_view text, std::string& reason) {
  const auto hash = std::min(text.find('#'), text.size());
  const std::string_view fragment = text.substr(hash);
  text = text.substr(0, hash);
  if (std::any_of(text.begin(), text.end(), isControl)) {
    reason = "it contains a control character";
    return std::nullopt;
  }
  if (!unescape(fragment, Part::kPath, reason)) return std::nullopt;
  text = text.substr(0, text.find('?'));

  const auto slash = std::min(text.find('/'), text.size());
  std::string_view authority = text.substr(0, slash);
  const auto at = authority.rfind('@');
  if (at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    if (!isUserInfo(user)) {
      reason = "the part before '@' is not valid user information";
      return std::nullopt;
    }
    if (!unescape(user, Part::kPath, reason)) return std::nullopt;
    authority = authority.substr(at + 1);
  }
  const auto host = parseHost(authority, reason);
  if (!host) return std::nullopt;
  auto path = unescape(text.substr(slash), Part::kPath, reason);
  if (!path) return std::nullopt;
  GoUrl url;
  splitHostPort(*host, url);
  url.path = std::move(*path);
  return url;
}

}  // namespace rcb
