#include "core/net/proxy.hpp"

#include "core/net/http_text.hpp"
#include "core/net/ip_address.hpp"
#include "core/support/error.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace rcb {
namespace {

constexpr std::size_t kProxyLimit = 4096;

// `why` is always a constant: no part of the variable is shown, because any part of an invalid one may be the password.
[[noreturn]] void refuse(const char* why,
                         const char* advice = "write http://[user:password@]host[:port], or unset it") {
  throw Error(ErrorCode::kSettingsInvalid, std::string("HTTPS_PROXY cannot be used: ") + why).advise(advice);
}

[[noreturn]] void refuseUnencoded(const char* why) {
  refuse(why, "percent-encode everything except letters and digits in the user name and password");
}

// The value of the first of the two variables that is not empty.
std::string_view lookUp(const Environment& environment, std::string_view upper, std::string_view lower) {
  for (const std::string_view name : {upper, lower}) {
    const auto found = environment.find(name);
    if (found != environment.end() && !trimmed(found->second).empty()) return trimmed(found->second);
  }
  return {};
}

struct HostAndPort {
  std::string_view host;  // without brackets
  std::string_view port;  // empty: none
  bool wellFormed = true;
};

// "host", "host:port", "[v6]", "[v6]:port", "v6".
HostAndPort split(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return {text, {}, false};
    const std::string_view rest = text.substr(bracket + 1);
    const std::string_view host = text.substr(1, bracket - 1);
    if (rest.empty()) return {host, {}};
    return {host, rest.substr(1), rest.front() == ':'};
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon != text.rfind(':')) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

// Refuses characters that end the user information for some URL parsers and not for others (RFC 3986 section 2.2). A colon separates user and
// password, and may be part of the password.
void checkUserInformation(std::string_view text) {
  for (const char c : text) {
    if (isOneOf(c, "/?#@[]")) refuseUnencoded("its user name or password contains a reserved character");
    if (c == '\\') refuseUnencoded("its user name or password contains a backslash");
  }
}

void appendDecoded(Secret& into, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hexValue(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        refuse("its user name or password contains a '%' that is not followed by two hexadecimal digits",
               "percent-encode everything except letters and digits in the user name and password, including '%'");
      }
      c = static_cast<char>(high * 16 + low);
      i += 2;
      // RFC 7617 section 2 does not allow control characters.
      if ((c >= 0 && c < 0x20) || c == 0x7f) refuse("its user name or password contains an encoded control character");
    }
    into.push_back(c);
  }
}

Secret basicAuthorization(std::string_view userInformation) {
  checkUserInformation(userInformation);
  const std::size_t colon = std::min(userInformation.find(':'), userInformation.size());
  Secret credentials;
  appendDecoded(credentials, userInformation.substr(0, colon));
  if (credentials.reveal().find(':') != std::string_view::npos) refuse("its user name contains an encoded colon");
  credentials.push_back(':');
  if (colon < userInformation.size()) appendDecoded(credentials, userInformation.substr(colon + 1));

  Secret header("Basic ");
  const std::string_view plain = credentials.reveal();
  // OpenSSL appends a NUL.
  char* encoded = header.prepare(4 * ((plain.size() + 2) / 3) + 1);
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded), reinterpret_cast<const unsigned char*>(plain.data()),
                      static_cast<int>(plain.size()));
  header.commit(static_cast<std::size_t>(size));
  return header;
}

// Removes "http://". The part before "://" is a scheme only if its characters allow that; otherwise it is user information.
std::string_view withoutScheme(std::string_view text) {
  const std::size_t end = text.find("://");
  const std::string scheme = lowered(text.substr(0, std::min(end, text.size())));
  if (end == std::string_view::npos ||
      !std::all_of(scheme.begin(), scheme.end(), [](char c) { return isAlnum(c) || isOneOf(c, "+-."); })) {
    return text;
  }
  if (scheme == "https") refuse("a proxy that requires TLS itself (https://) is not supported");
  if (scheme != "http") refuse("only http:// proxies are supported");
  return text.substr(end + 3);
}

// One entry of NO_PROXY, trimmed and in lower case.
bool exempts(std::string_view entry, const HttpUrl& url, const std::optional<IpAddress>& address) {
  if (entry == "*") return true;
  if (const std::optional<IpNetwork> network = parseIpNetwork(entry)) return address && network->contains(*address);
  const HostAndPort parts = split(entry);
  if (!parts.wellFormed || parts.host.empty()) return false;
  if (!parts.port.empty() && parsePort(parts.port) != url.port) return false;
  if (const std::optional<IpAddress> exempt = parseIpAddress(parts.host)) return address && *address == *exempt;
  std::string_view domain = parts.host;
  if (domain.starts_with("*.")) domain.remove_prefix(1);
  const std::string_view host = url.host;
  if (domain.starts_with('.')) return host.ends_with(domain);
  return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

}  // namespace

bool isExempt(std::string_view noProxy, const HttpUrl& url) {
  const std::optional<IpAddress> address = parseIpAddress(url.host);
  if (url.host == "localhost" || (address && address->isLoopback())) return true;
  while (!noProxy.empty()) {
    const std::size_t comma = std::min(noProxy.find(','), noProxy.size());
    if (const std::string entry = lowered(trimmed(noProxy.substr(0, comma))); !entry.empty()) {
      if (exempts(entry, url, address)) return true;
    }
    noProxy.remove_prefix(std::min(comma + 1, noProxy.size()));
  }
  return false;
}

Proxy parseProxy(std::string_view text) {
  if (text.size() > kProxyLimit) refuse("it is longer than 4 KiB");
  for (const char c : text) {
    if (c <= 0x20 || c > 0x7e) refuseUnencoded("it contains a space, a control character or a non-ASCII character");
  }
  text = withoutScheme(text);
  Proxy proxy;
  // Splits at the last '@' before looking for a path, so that a password with a '/' in it is not taken for a host.
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    if (at > 0) proxy.authorization = basicAuthorization(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  text = text.substr(0, text.find_first_of("/?#"));
  const HostAndPort parts = split(text);
  const std::optional<IpAddress> address = parseIpAddress(parts.host);
  const std::optional<std::string> name = parseHostName(parts.host);
  if (parts.wellFormed && !text.starts_with('[') && parts.host.find(':') != std::string_view::npos) {
    refuse("its host contains a colon", "write an IPv6 address in brackets, such as http://[fd00::1]:3128");
  }
  if (!parts.wellFormed || (!address && !name)) refuse("its host is neither a DNS name nor an IP address");
  proxy.host = address ? address->text() : *name;
  if (!parts.port.empty()) {
    const std::optional<std::uint16_t> port = parsePort(parts.port);
    if (!port) refuse("its port is not a number from 1 to 65535");
    proxy.port = *port;
  }
  return proxy;
}

std::optional<Proxy> chooseProxy(const Environment& environment, const HttpUrl& url) {
  const std::string_view proxy = lookUp(environment, "HTTPS_PROXY", "https_proxy");
  if (proxy.empty() || isExempt(lookUp(environment, "NO_PROXY", "no_proxy"), url)) return std::nullopt;
  return parseProxy(proxy);
}

}  // namespace rcb
