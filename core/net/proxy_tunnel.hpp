// A tunnel through an HTTP proxy (CONNECT, RFC 9110 section 9.3.6).
#pragma once

#include "core/net/http_url.hpp"
#include "core/net/proxy.hpp"
#include "core/net/tcp_connection.hpp"
#include "core/support/error.hpp"

#include <string>
#include <utility>

namespace rcb {

// The proxy answered, with something else than a tunnel. Whether to ask again depends on its status, as with the answer of an exchange.
class TunnelRefused : public Error {
 public:
  TunnelRefused(Error error, int status, std::string retryAfter)
      : Error(std::move(error)), status_(status), retryAfter_(std::move(retryAfter)) {}

  int status() const noexcept { return status_; }
  // The value of its Retry-After header; empty: none.
  const std::string& retryAfter() const noexcept { return retryAfter_; }

 private:
  int status_;
  std::string retryAfter_;
};

// Asks the proxy at the other end of the connection for a tunnel to the URL's host. Afterwards the connection leads there. Throws Error:
// kProxyFailed if the proxy refuses (TunnelRefused) or answers nonsense, kDeadline, kConnectionLost.
void openTunnel(TcpConnection& connection, const Proxy& proxy, const HttpUrl& url);

}  // namespace rcb
