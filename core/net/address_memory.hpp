// What became of the addresses that this run has tried, so that no attempt begins with one that has failed before.
#pragma once

#include "core/net/host_addresses.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace rcb {

class AddressMemory {
 public:
  // The address failed just now. `deed` continues a sentence that begins with it, such as "refused the connection".
  void note(const SocketAddress& address, std::string deed);
  // It works after all.
  void forgive(const SocketAddress& address);
  bool isBad(const SocketAddress& address) const { return find(address) != nullptr; }

  // Puts those not known to be bad first, in their order, then the others, beginning with the one whose failure is the longest ago. Returns how
  // many are not known to be bad.
  std::size_t order(std::vector<SocketAddress>& addresses) const;

  // "192.0.2.1 did not answer, [2001:db8::1] refused the connection": a few of these addresses that are bad, and how many more there are.
  std::string describe(const std::vector<SocketAddress>& addresses) const;

 private:
  struct Entry {
    SocketAddress address;
    std::string deed;
  };
  const Entry* find(const SocketAddress& address) const;

  std::vector<Entry> bad_;  // the last failure last
};

}  // namespace rcb
