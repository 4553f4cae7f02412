// A tunnel through an HTTP proxy (CONNECT, RFC 9110 section 9.3.6).
#pragma once

#include "core/net/http_url.hpp"
#include "core/net/proxy.hpp"
#include "core/net/tcp_connection.hpp"

namespace rcb {

// Asks the proxy at the other end of the connection for a tunnel to the URL's host. Afterwards the connection leads there. Throws Error:
// kProxyFailed if the proxy refuses or answers nonsense, kDeadline, kConnectionLost.
void openTunnel(TcpConnection& connection, const Proxy& proxy, const HttpUrl& url);

}  // namespace rcb
