#include "core/net/idle_connections.hpp"

#include "core/net/tls_socket.hpp"

#include <algorithm>
#include <utility>

namespace rcb {

void IdleConnections::keep(IdleConnection connection) {
  if (connections_.size() == kIdleConnectionLimit) connections_.erase(connections_.begin());
  connections_.push_back(std::move(connection));
}

std::optional<IdleConnection> IdleConnections::take(const HttpUrl& url) {
  const auto found = std::find_if(connections_.begin(), connections_.end(), [&](const IdleConnection& kept) {
    return kept.host == url.host && kept.port == url.port;
  });
  if (found == connections_.end()) return std::nullopt;
  IdleConnection taken = std::move(*found);
  connections_.erase(found);
  return taken;
}

}  // namespace rcb
