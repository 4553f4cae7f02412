#include "tests/support/loopback_addresses.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace rcb::test {
namespace {

constexpr int kMostFillers = 16;

void require(bool good, const std::string& what) {
  if (!good) throw std::runtime_error("dead address: " + what + ": " + std::strerror(errno));
}

}  // namespace

DeadAddress::DeadAddress(const std::string& at, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  require(::getaddrinfo(at.c_str(), std::to_string(port).c_str(), &hints, &found) == 0, at);
  sockaddr_in6 address{};
  const socklen_t size = found->ai_addrlen;
  std::memcpy(&address, found->ai_addr, size);
  ::freeaddrinfo(found);
  auto* raw = reinterpret_cast<sockaddr*>(&address);

  sockets_.push_back(::socket(raw->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  require(::bind(sockets_[0], raw, size) == 0, "bind");
  require(::listen(sockets_[0], 0) == 0, "listen");
  socklen_t written = sizeof address;
  require(::getsockname(sockets_[0], raw, &written) == 0, "getsockname");
  // The port is at the same place in both families.
  port_ = ntohs(address.sin6_port);
  // The queue is full when a connection is neither made nor refused.
  for (int i = 0; i < kMostFillers; ++i) {
    const int filler = ::socket(raw->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockets_.push_back(filler);
    if (::connect(filler, raw, size) == 0) continue;
    pollfd entry{filler, POLLOUT, 0};
    if (::poll(&entry, 1, 50) == 0) return;
  }
  throw std::runtime_error("dead address: the queue of " + at + " does not fill");
}

DeadAddress::~DeadAddress() {
  for (const int socket : sockets_) ::close(socket);
}

}  // namespace rcb::test
