// Remembers the addresses that failed in this run, so that no attempt begins with one of them.
#pragma once

#include "core/net/host_addresses.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace rcb {

class AddressMemory {
 public:
  // Records that the address has just failed. `deed` is a predicate to the address, such as "refused the connection".
  void note(const SocketAddress& address, std::string deed);
  // Removes the record of a failure: the address works.
  void forgive(const SocketAddress& address);
  bool isBad(const SocketAddress& address) const { return find(address) != nullptr; }

  // Moves the addresses without a recorded failure to the front, in their order. The others follow, oldest failure first. Returns the number of
  // addresses without a recorded failure.
  std::size_t order(std::vector<SocketAddress>& addresses) const;

  // "192.0.2.1 did not answer, [2001:db8::1] refused the connection": the first few failures among these addresses, and the number of further ones.
  std::string describe(const std::vector<SocketAddress>& addresses) const;

 private:
  struct Entry {
    SocketAddress address;
    std::string deed;
  };
  const Entry* find(const SocketAddress& address) const;

  std::vector<Entry> bad_;  // ordered by time, latest failure last
};

}  // namespace rcb
