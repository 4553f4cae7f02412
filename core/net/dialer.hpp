// Connects to a host by name: resolves it, races its addresses, and remembers for the rest of the run which of them failed.
#pragma once

#include "core/net/address_memory.hpp"
#include "core/net/host_addresses.hpp"
#include "core/net/tcp_connection.hpp"
#include "core/support/deadline.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

struct Peer {
  std::string host;
  std::uint16_t port = 0;
  std::string name;  // used in messages
};

struct DialledConnection {
  std::unique_ptr<TcpConnection> connection;
  SocketAddress address;
  int alternatives = 0;  // other addresses of the host without a recorded failure
};

class Dialer {
 public:
  explicit Dialer(Resolver resolver) : resolver_(std::move(resolver)) {}

  // The deadline also applies to the returned connection. Throws ResolutionError, and Error: kConnectFailed with what each address did, kDeadline.
  DialledConnection dial(const Peer& peer, const Deadline& deadline);

  // Records the outcome of an address that dial() had connected to.
  void noteFailure(const SocketAddress& address, std::string deed) { memory_.note(address, std::move(deed)); }
  void noteSuccess(const SocketAddress& address) { memory_.forgive(address); }
  // Describes the failures of the host's other addresses; empty if there are none.
  std::string othersOf(const Peer& peer, const SocketAddress& address) const;

 private:
  struct Host {
    std::string name;
    std::uint16_t port;
    std::vector<SocketAddress> addresses;  // in the order in which they are tried next
    std::size_t good = 0;                  // number of leading addresses without a recorded failure
  };
  Host& resolved(const Peer& peer);

  Resolver resolver_;
  AddressMemory memory_;
  std::vector<Host> hosts_;
};

}  // namespace rcb
