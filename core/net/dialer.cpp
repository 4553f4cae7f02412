#include "core/net/dialer.hpp"

#include "core/net/address_race.hpp"
#include "core/support/authority.hpp"
#include "core/support/error.hpp"
#include "core/support/stage.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <optional>

namespace rcb {

DialledConnection Dialer::dial(const Peer& peer, const Deadline& deadline) {
  Host& host = resolved(peer);
  const std::string place = joinAuthority(peer.host, peer.port);
  const std::string target = peer.name == peer.host ? place : peer.name;
  enterStage("connecting to", target);
  const std::optional<RaceWinner> winner = raceAddresses(host.addresses, host.good, deadline, memory_);
  host.good = memory_.order(host.addresses);
  if (!winner && host.good == host.addresses.size()) {
    throw Error(ErrorCode::kDeadline, "connecting to " + target + " exceeded its deadline")
        .advise("check that the node's name servers answer in time, or raise the deadline");
  }
  if (!winner) {
    throw Error(ErrorCode::kConnectFailed, "connecting to " + target + " failed: " + memory_.describe(host.addresses))
        .advise("check that the node can reach " + place + " (routes, firewall, HTTPS_PROXY)");
  }
  // Without TCP_NODELAY, a request sent in two writes waits 40 ms for the first to be acknowledged.
  const int on = 1;
  ::setsockopt(winner->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const std::size_t others = host.good - (memory_.isBad(winner->address) ? 0 : 1);
  DialledConnection dialled;
  dialled.connection = std::make_unique<TcpConnection>(winner->socket, peer.name, place, deadline);
  dialled.address = winner->address;
  dialled.alternatives = static_cast<int>(others);
  return dialled;
}

// Resolves again only when every known address has failed, because the name may have other addresses by then.
Dialer::Host& Dialer::resolved(const Peer& peer) {
  auto host = std::find_if(hosts_.begin(), hosts_.end(),
                           [&](const Host& known) { return known.name == peer.host && known.port == peer.port; });
  if (host == hosts_.end()) host = hosts_.insert(hosts_.end(), Host{peer.host, peer.port, {}, 0});
  host->good = memory_.order(host->addresses);
  if (host->good > 0) return *host;
  enterStage("resolving", peer.name);
  const Resolution found = resolver_(peer.host, peer.port);
  if (found.addresses.empty() && host->addresses.empty()) throw ResolutionError(peer.name, found);
  if (!found.addresses.empty()) host->addresses = interleaved(found.addresses);
  host->good = memory_.order(host->addresses);
  return *host;
}

std::string Dialer::othersOf(const Peer& peer, const SocketAddress& address) const {
  for (const Host& host : hosts_) {
    if (host.name != peer.host || host.port != peer.port) continue;
    std::vector<SocketAddress> others = host.addresses;
    std::erase(others, address);
    return memory_.describe(others);
  }
  return {};
}

}  // namespace rcb
