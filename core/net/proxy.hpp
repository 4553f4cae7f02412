// Which proxy a request goes through: HTTPS_PROXY and NO_PROXY as Go programs, the kubelet among them, understand them.
#pragma once

#include "core/net/http_url.hpp"
#include "core/support/environment.hpp"
#include "core/support/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// An http:// proxy, to be asked for a tunnel with CONNECT.
struct Proxy {
  std::string host;
  std::uint16_t port = 80;
  Secret authorization;  // value of the Proxy-Authorization header; empty: none
};

// HTTPS_PROXY, or else https_proxy, unless NO_PROXY, or else no_proxy, exempts the host; nothing if the request goes straight. Throws
// Error(kSettingsInvalid) if the variable names no proxy that we can use; it is never quoted, since it may hold a password.
std::optional<Proxy> chooseProxy(const Environment& environment, const HttpUrl& url);

// host[:port], with or without http://, credentials before an '@' percent-encoded.
Proxy parseProxy(std::string_view text);

// True for localhost and loopback addresses, for everything if the list holds "*", and for what one of its entries names: an address, a
// network in CIDR notation, or a domain with all below it (with a leading dot or "*.": only what is below); each but a network may have a port.
bool isExempt(std::string_view noProxy, const HttpUrl& url);

}  // namespace rcb
