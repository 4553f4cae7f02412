// Resolves a host name to addresses, orders them, and explains failures.
#pragma once

#include "core/support/error.hpp"

#include <netinet/in.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace rcb {

// An IPv4 or IPv6 address with its port, as passed to connect(). Unused bytes are zero, so that equal addresses have equal bytes.
struct SocketAddress {
  sockaddr_in6 storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  bool isV6() const { return get()->sa_family == AF_INET6; }
  // Without the port; IPv6 in brackets.
  std::string text() const;
  bool operator==(const SocketAddress& other) const {
    return std::memcmp(&storage, &other.storage, sizeof storage) == 0;
  }
};

// A resolver's result: addresses in its order of preference, or the reason why there are none.
struct Resolution {
  std::vector<SocketAddress> addresses;
  int problem = 0;        // EAI_…
  int systemProblem = 0;  // errno if `problem` is EAI_SYSTEM
};
using Resolver = std::function<Resolution(const std::string& host, std::uint16_t port)>;

// Calls getaddrinfo(), which cannot be interrupted. A numeric address is not looked up.
Resolution resolveWithSystem(const std::string& host, std::uint16_t port);

// Alternates between the address families, beginning with the first address's, and otherwise keeps the order (RFC 8305 section 4). Duplicates are
// removed. At most 64 addresses.
std::vector<SocketAddress> interleaved(const std::vector<SocketAddress>& addresses);

// kDnsFailed, and whether a retry may succeed.
class ResolutionError : public Error {
 public:
  // For a resolution without addresses. `name` is the host in messages.
  ResolutionError(const std::string& name, const Resolution& resolution);

  bool mayPass() const { return mayPass_; }

 private:
  bool mayPass_;
};

}  // namespace rcb
