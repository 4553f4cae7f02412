#include "core/net/host_addresses.hpp"

#include "core/support/ip_address.hpp"

#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>

namespace rcb {
namespace {

// More than any real service has; protects against a hostile DNS answer.
constexpr std::size_t kAddressLimit = 64;

struct AddressReleaser {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

struct Cause {
  std::string why;
  const char* advice;
  bool mayPass = false;
};

constexpr const char* kCheckName =
    "check its spelling and the node's /etc/resolv.conf; nodes do not resolve names of cluster services";
constexpr const char* kCheckServers =
    "check that the name servers in the node's /etc/resolv.conf are reachable and work";
constexpr const char* kCheckNode = "check the node's memory, open files and resolver configuration";

// Temporary network failures. All other errors are problems of the node itself and permanent.
bool isNetworkFailure(int number) {
  switch (number) {
    case EAGAIN:
    case ECONNREFUSED:
    case ECONNRESET:
    case EHOSTUNREACH:
    case EINTR:
    case ENETDOWN:
    case ENETUNREACH:
    case ETIMEDOUT:
      return true;
    default:
      return false;
  }
}

Cause causeOf(const Resolution& resolution) {
  switch (resolution.problem) {
    case EAI_NONAME:
      return {"no such host", kCheckName};
    case 0:
#ifdef EAI_NODATA
    case EAI_NODATA:
#endif
#ifdef EAI_ADDRFAMILY
    case EAI_ADDRFAMILY:
#endif
      return {"the name exists but has no address", kCheckName};
    case EAI_AGAIN:  // also for SERVFAIL
      return {"the name server did not answer, or failed temporarily", kCheckServers, true};
    case EAI_FAIL:
      return {"the name server refused to answer", kCheckServers};
    case EAI_MEMORY:
      return {"there is not enough memory", kCheckNode};
    case EAI_SYSTEM: {
      const int number = resolution.systemProblem;
      if (number == 0) return {"the system's resolver failed", kCheckNode};
      const bool network = isNetworkFailure(number);
      return {std::string("the system's resolver failed: ") + std::strerror(number),
              network ? kCheckServers : kCheckNode, network};
    }
    default:
      return {std::string("the system's resolver failed: ") + ::gai_strerror(resolution.problem), kCheckNode};
  }
}

Error errorOf(const std::string& name, const Cause& cause) {
  return Error(ErrorCode::kDnsFailed, "resolving " + name + " failed: " + cause.why).advise(cause.advice);
}

}  // namespace

std::string SocketAddress::text() const {
  char host[NI_MAXHOST];
  if (::getnameinfo(get(), size, host, sizeof host, nullptr, 0, NI_NUMERICHOST) != 0) return "an address";
  return isV6() ? "[" + std::string(host) + "]" : host;
}

Resolution resolveWithSystem(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | (parseIpAddress(host) ? AI_NUMERICHOST : 0);
  addrinfo* found = nullptr;
  Resolution resolution;
  errno = 0;
  resolution.problem = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (resolution.problem == EAI_SYSTEM) resolution.systemProblem = errno;
  const std::unique_ptr<addrinfo, AddressReleaser> owner(found);
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6) continue;
    SocketAddress& address = resolution.addresses.emplace_back();
    address.size = static_cast<socklen_t>(std::min<std::size_t>(entry->ai_addrlen, sizeof address.storage));
    std::memcpy(&address.storage, entry->ai_addr, address.size);
  }
  return resolution;
}

std::vector<SocketAddress> interleaved(const std::vector<SocketAddress>& addresses) {
  std::vector<SocketAddress> ordered;
  if (addresses.empty()) return ordered;
  // One cursor per family. Takes the next address of the family whose turn it is, or of the other one if that has none left.
  std::size_t cursors[2] = {0, 0};
  for (bool v6 = addresses.front().isV6(); ordered.size() < kAddressLimit; v6 = !v6) {
    const auto next = [&](bool family) -> const SocketAddress* {
      for (std::size_t& at = cursors[family ? 1 : 0]; at < addresses.size();) {
        const SocketAddress& address = addresses[at++];
        const bool known = std::find(ordered.begin(), ordered.end(), address) != ordered.end();
        if (address.isV6() == family && !known) return &address;
      }
      return nullptr;
    };
    const SocketAddress* address = next(v6);
    if (address == nullptr) address = next(!v6);
    if (address == nullptr) break;
    ordered.push_back(*address);
  }
  return ordered;
}

ResolutionError::ResolutionError(const std::string& name, const Resolution& resolution)
    : Error(errorOf(name, causeOf(resolution))), mayPass_(causeOf(resolution).mayPass) {}

}  // namespace rcb
