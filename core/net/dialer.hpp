// From a host's name to a connection: resolves it, races its addresses, and remembers for the rest of the run what each of them did.
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
  std::string name;  // what messages call it
};

struct DialledConnection {
  std::unique_ptr<TcpConnection> connection;
  SocketAddress address;
  int alternatives = 0;  // other addresses of the host that are not known to be bad
};

class Dialer {
 public:
  explicit Dialer(Resolver resolver) : resolver_(std::move(resolver)) {}

  // The deadline is that of the connection, too. Throws ResolutionError, and Error: kConnectFailed, which says what each address did; kDeadline.
  DialledConnection dial(const Peer& peer, const Deadline& deadline);

  // What came of an address that dial() had connected to.
  void noteFailure(const SocketAddress& address, std::string deed) { memory_.note(address, std::move(deed)); }
  void noteSuccess(const SocketAddress& address) { memory_.forgive(address); }
  // What the other addresses of this host did, as far as they failed; empty if none has.
  std::string othersOf(const Peer& peer, const SocketAddress& address) const;

 private:
  struct Host {
    std::string name;
    std::uint16_t port;
    std::vector<SocketAddress> addresses;  // in the order in which to try them next
    std::size_t good = 0;                  // of these, from the first, not known to be bad
  };
  Host& resolved(const Peer& peer);

  Resolver resolver_;
  AddressMemory memory_;
  std::vector<Host> hosts_;
};

}  // namespace rcb
