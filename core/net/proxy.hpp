// Chooses the proxy of a request. HTTPS_PROXY and NO_PROXY mean what they mean to Go programs such as the kubelet.
#pragma once

#include "core/support/environment.hpp"
#include "core/support/http_url.hpp"
#include "core/support/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// An http:// proxy that opens tunnels with CONNECT.
struct Proxy {
  std::string host;
  std::uint16_t port = 80;
  Secret authorization;  // value of the Proxy-Authorization header; empty: none
};

// The spelling of a variable that counts: the first of the two whose value is not blank. Empty if there is none.
std::string_view proxyVariable(const Environment& environment, std::string_view upper, std::string_view lower);

// HTTPS_PROXY, or https_proxy if that is empty, unless NO_PROXY (or no_proxy) exempts the host. Nothing if the request is sent directly. Throws
// Error(kSettingsInvalid) if the proxy cannot be used; the variable is never quoted, because it may contain a password.
std::optional<Proxy> chooseProxy(const Environment& environment, const HttpUrl& url);

// host[:port], with or without http://; percent-encoded credentials may precede it, followed by '@'.
Proxy parseProxy(std::string_view text);

// True for localhost and loopback addresses, for everything if the list contains "*", and for hosts that an entry matches: an address, a network in
// CIDR notation, or a domain with its subdomains (with a leading dot or "*.": only the subdomains). Entries other than networks may have a port.
bool isExempt(std::string_view noProxy, const HttpUrl& url);

}  // namespace rcb
