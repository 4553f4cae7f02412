#include "core/net/proxy.hpp"

#include "core/net/http_text.hpp"
#include "core/support/ascii.hpp"
#include "core/support/authority.hpp"
#include "core/support/base64.hpp"
#include "core/support/error.hpp"
#include "core/support/host_name.hpp"
#include "core/support/ip_address.hpp"
#include "core/support/parts.hpp"
#include "core/support/percent_coding.hpp"

#include <algorithm>
#include <cstddef>

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

// The value of the spelling that counts; empty if there is none.
std::string_view lookUp(const Environment& environment, std::string_view upper, std::string_view lower) {
  const auto found = environment.find(proxyVariable(environment, upper, lower));
  return found == environment.end() ? std::string_view() : trimmed(found->second);
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
      const std::optional<char> decoded = readEscape(text.substr(i));
      if (!decoded) {
        refuse("its user name or password contains a '%' that is not followed by two hexadecimal digits",
               "percent-encode everything except letters and digits in the user name and password, including '%'");
      }
      c = *decoded;
      i += kEscapeSize - 1;
      // RFC 7617 section 2: does not allow control characters.
      if (isControl(c)) refuse("its user name or password contains an encoded control character");
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
  header.append(encodeBase64(credentials.reveal()).reveal());
  return header;
}

// Removes "http://". The part before "://" is a scheme only if its characters allow that; otherwise it is user information.
std::string_view withoutScheme(std::string_view text) {
  const std::size_t end = text.find("://");
  const std::string_view scheme = text.substr(0, end);
  if (end == std::string_view::npos ||
      !std::all_of(scheme.begin(), scheme.end(), [](char c) { return isAlnum(c) || isOneOf(c, "+-."); })) {
    return text;
  }
  if (isSameName(scheme, "https")) refuse("a proxy that requires TLS itself (https://) is not supported");
  if (!isSameName(scheme, "http")) refuse("only http:// proxies are supported");
  return text.substr(end + 3);
}

// One entry of NO_PROXY, trimmed and in lower case.
bool exempts(std::string_view entry, const HttpUrl& url, const std::optional<IpAddress>& address) {
  if (entry == "*") return true;
  if (const std::optional<IpNetwork> network = parseIpNetwork(entry)) return address && network->contains(*address);
  const Authority parts = splitAuthority(entry);
  if (parts.host.empty()) return false;
  if (parts.port && !parts.port->empty() && parsePort(*parts.port) != url.port) return false;
  if (const std::optional<IpAddress> exempt = parseIpAddress(parts.host)) return address && *address == *exempt;
  std::string_view domain = parts.host;
  if (domain.starts_with("*.")) domain.remove_prefix(1);
  const std::string_view host = url.host;
  if (domain.starts_with('.')) return host.ends_with(domain);
  return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

}  // namespace

std::string_view proxyVariable(const Environment& environment, std::string_view upper, std::string_view lower) {
  for (const std::string_view name : {upper, lower}) {
    const auto found = environment.find(name);
    if (found != environment.end() && !trimmed(found->second).empty()) return name;
  }
  return {};
}

bool isExempt(std::string_view noProxy, const HttpUrl& url) {
  const std::optional<IpAddress> address = parseIpAddress(url.host);
  if (url.host == "localhost" || (address && address->isLoopback())) return true;
  const bool none = eachPart(noProxy, ',', [&](std::string_view part) {
    const std::string entry = lowered(trimmed(part));
    return entry.empty() || !exempts(entry, url, address);
  });
  return !none;
}

Proxy parseProxy(std::string_view text) {
  if (text.size() > kProxyLimit) refuse("it is longer than 4 KiB");
  for (const char c : text) {
    if (c == ' ' || !isPrintable(c))
      refuseUnencoded("it contains a space, a control character or a non-ASCII character");
  }
  text = withoutScheme(text);
  Proxy proxy;
  // Splits at the last '@' before looking for a path, so that a password with a '/' in it is not taken for a host.
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    if (at > 0) proxy.authorization = basicAuthorization(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  // "user:password@http://proxy" names the host "http" with an empty port, to which the password must not go.
  if (text.substr(0, end).ends_with(':') && text.substr(end).starts_with("//")) {
    refuse("a scheme comes after its user name, or twice");
  }
  text = text.substr(0, end);
  const Authority parts = splitAuthority(text);
  if (!parts.bracketed && parts.host.find(':') != std::string_view::npos) {
    refuse("its host contains a colon", "write an IPv6 address in brackets, such as http://[fd00::1]:3128");
  }
  const std::optional<IpAddress> address = parts.bracketed ? parseIpv6Address(parts.host) : std::nullopt;
  const std::optional<std::string> host = address ? address->text() : parseHostName(parts.host);
  if (!host || parts.bracketed != address.has_value()) refuse("its host is neither a DNS name nor an IP address");
  proxy.host = *host;
  if (parts.port && !parts.port->empty()) {
    const std::optional<std::uint16_t> port = parsePort(*parts.port);
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
