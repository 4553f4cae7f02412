// From a host's name to the addresses to try, in the order in which to try them, and what it means when there are none.
#pragma once

#include "core/support/error.hpp"

#include <netinet/in.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace rcb {

// An IPv4 or IPv6 address with its port, as connect() takes it. Bytes that are not used are zero, so that equal addresses have equal bytes.
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

// What a resolver found: addresses in its own order of preference, or why there are none.
struct Resolution {
  std::vector<SocketAddress> addresses;
  int problem = 0;        // EAI_…
  int systemProblem = 0;  // errno, if that is EAI_SYSTEM
};
using Resolver = std::function<Resolution(const std::string& host, std::uint16_t port)>;

// getaddrinfo(), which cannot be interrupted. A numeric address is not looked up.
Resolution resolveWithSystem(const std::string& host, std::uint16_t port);

// The families in turn, beginning with that of the first address, otherwise in the order given (RFC 8305 section 4); each address once, and at
// most 64 of them.
std::vector<SocketAddress> interleaved(const std::vector<SocketAddress>& addresses);

// kDnsFailed, and whether the same question may be answered the next time.
class ResolutionError : public Error {
 public:
  // Of a resolution without addresses. `name` is what messages call the host.
  ResolutionError(const std::string& name, const Resolution& resolution);

  bool mayPass() const { return mayPass_; }

 private:
  bool mayPass_;
};

}  // namespace rcb
