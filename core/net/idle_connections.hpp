// The connections of a run that an answer has left open, for its later requests to the same host. They are closed with this object, or at once when
// there are too many.
#pragma once

#include "core/net/host_addresses.hpp"
#include "core/support/http_url.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rcb {

class TlsSocket;

inline constexpr std::size_t kIdleConnectionLimit = 4;

struct IdleConnection {
  std::string host;  // at the other end of TLS, also behind a proxy
  std::uint16_t port = 0;
  SocketAddress address;  // that the socket is connected to: the host's or the proxy's
  std::unique_ptr<TlsSocket> tls;
};

class IdleConnections {
 public:
  // Closes the oldest one if there are then more than kIdleConnectionLimit.
  void keep(IdleConnection connection);
  // Removes the connection to exactly this host and port, if there is one. The server may have closed it meanwhile.
  std::optional<IdleConnection> take(const HttpUrl& url);

 private:
  std::vector<IdleConnection> connections_;  // oldest first
};

}  // namespace rcb
