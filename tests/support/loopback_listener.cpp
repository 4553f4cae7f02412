#include "tests/support/loopback_listener.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

namespace rcb::test {
namespace {

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("test server: ") + what + ": " + std::strerror(errno));
}

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address numeric(const std::string& text, std::uint16_t port) {
  Address address;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&address.storage, &v4, sizeof v4);
    address.size = sizeof v4;
  } else if (::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&address.storage, &v6, sizeof v6);
    address.size = sizeof v6;
  }
  return address;
}

}  // namespace

LoopbackConnection::~LoopbackConnection() {
  if (socket_ >= 0) ::close(socket_);
}

bool LoopbackConnection::waitFor(short events, std::optional<std::chrono::milliseconds> limit) const {
  pollfd both[] = {{socket_, events, 0}, {stopEvent_, POLLIN, 0}};
  int ready = 0;
  do {
    ready = ::poll(both, 2, limit ? static_cast<int>(limit->count()) : -1);
  } while (ready < 0 && errno == EINTR);
  return ready > 0 && both[1].revents == 0;
}

bool LoopbackConnection::pause(std::chrono::milliseconds length) const {
  pollfd stop{stopEvent_, POLLIN, 0};
  return ::poll(&stop, 1, static_cast<int>(length.count())) == 0;
}

void LoopbackConnection::stall() const {
  // POLLRDHUP only: bytes that arrive meanwhile are left where they are.
  waitFor(POLLRDHUP);
}

std::size_t LoopbackConnection::receive(char* buffer, std::size_t size) const {
  while (waitFor(POLLIN)) {
    const ssize_t got = ::recv(socket_, buffer, size, 0);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EAGAIN && errno != EINTR) return 0;
  }
  return 0;
}

bool LoopbackConnection::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    if (!waitFor(POLLOUT)) return false;
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void LoopbackConnection::hold(bool on) const {
  const int value = on ? 1 : 0;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
}

void LoopbackConnection::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(socket_, -1));
}

void LoopbackConnection::finishUnread() const {
  // The peer must have seen FIN before RST, which closing with bytes unread sends.
  ::shutdown(socket_, SHUT_WR);
  waitFor(POLLIN, std::chrono::seconds(1));
  pause(std::chrono::milliseconds(20));
}

void LoopbackConnection::finish() {
  ::shutdown(socket_, SHUT_WR);
  char rest[4096];
  while (waitFor(POLLIN, std::chrono::seconds(1)) && ::recv(socket_, rest, sizeof rest, 0) > 0) {
  }
}

int connectLoopback(std::uint16_t port) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) return -1;
  Address address = numeric("127.0.0.1", port);
  const int on = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // On loopback a connection is made or refused at once, so this may block.
  if (::connect(made, address.get(), address.size) == 0 && ::fcntl(made, F_SETFL, O_NONBLOCK) == 0) return made;
  ::close(made);
  return -1;
}

LoopbackListener::LoopbackListener(const std::string& at, std::uint16_t port, std::function<Serve()> accepted)
    : accepted_(std::move(accepted)) {
  Address address = numeric(at, port);
  listener_ = ::socket(address.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  require(listener_ >= 0, "socket");
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  require(::bind(listener_, address.get(), address.size) == 0, "bind");
  require(::listen(listener_, 512) == 0, "listen");
  require(::getsockname(listener_, address.get(), &address.size) == 0, "getsockname");
  // The port is at the same place in both families.
  port_ = ntohs(reinterpret_cast<sockaddr_in*>(&address.storage)->sin_port);
  stopEvent_ = ::eventfd(0, EFD_CLOEXEC);
  require(stopEvent_ >= 0, "eventfd");
  acceptor_ = std::jthread([this] { acceptAll(); });
}

LoopbackListener::~LoopbackListener() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(stopEvent_, &one, sizeof one);
  acceptor_.join();
  workers_.clear();  // joins
  ::close(listener_);
  ::close(stopEvent_);
}

void LoopbackListener::acceptAll() {
  // OpenSSL writes with write(). Only the servers' threads block the signal (their workers inherit the mask), so that a test still sees
  // whether the client under test protects itself.
  sigset_t pipeSignal;
  sigemptyset(&pipeSignal);
  sigaddset(&pipeSignal, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipeSignal, nullptr);

  for (;;) {
    pollfd both[] = {{listener_, POLLIN, 0}, {stopEvent_, POLLIN, 0}};
    if (::poll(both, 2, -1) < 0 && errno == EINTR) continue;
    if (both[1].revents != 0) return;
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) continue;
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    workers_.remove_if([](const Worker& worker) { return worker.done.load(); });
    Worker& worker = workers_.emplace_back();
    worker.thread = std::jthread([this, &worker, socket, serve = accepted_()] {
      LoopbackConnection connection(socket, stopEvent_);
      serve(connection);
      worker.done = true;
    });
  }
}

}  // namespace rcb::test
