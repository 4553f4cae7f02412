// A tunnel through an HTTP proxy (CONNECT, RFC 9110 section 9.3.6).
#pragma once

#include "core/net/proxy.hpp"
#include "core/net/tcp_connection.hpp"
#include "core/support/error.hpp"
#include "core/support/http_url.hpp"

#include <string>
#include <utility>

namespace rcb {

// The proxy answered but did not open a tunnel. Whether to retry depends on its status, as with the answer from an exchange.
class TunnelRefused : public Error {
 public:
  TunnelRefused(Error error, int status, std::string retryAfter)
      : Error(std::move(error)), status_(status), retryAfter_(std::move(retryAfter)) {}

  int status() const noexcept { return status_; }
  // The value of its Retry-After header; empty if there is none.
  const std::string& retryAfter() const noexcept { return retryAfter_; }

 private:
  int status_;
  std::string retryAfter_;
};

// Requests a tunnel to the URL's host from the connected proxy. Afterwards the connection leads to that host. Throws Error: kProxyFailed if the
// proxy refuses (TunnelRefused) or its answer is invalid, kDeadline, kConnectionLost.
void openTunnel(TcpConnection& connection, const Proxy& proxy, const HttpUrl& url);

}  // namespace rcb
