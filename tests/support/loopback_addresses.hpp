// Loopback addresses at which a connection goes wrong before anything could be said over it, as with hosts that are down, filtered or stuck.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rcb::test {

// Drops every SYN, as a firewall does: a listener whose queue is full.
class DeadAddress {
 public:
  // `at`: 127.x.y.z or ::1; port 0: any free one.
  DeadAddress(const std::string& at, std::uint16_t port);
  ~DeadAddress();
  DeadAddress(const DeadAddress&) = delete;
  DeadAddress& operator=(const DeadAddress&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  std::vector<int> sockets_;
  std::uint16_t port_ = 0;
};

}  // namespace rcb::test
