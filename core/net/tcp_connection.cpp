#include "core/net/tcp_connection.hpp"

#include "core/support/stage.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

namespace rcb {
namespace {

using std::chrono::milliseconds;

std::string_view reasonOfErrno(int number) {
  switch (number) {
    case ECONNRESET:
    case EPIPE:
      return "the peer reset the connection";
    case ENETUNREACH:
    case EHOSTUNREACH:
      return "no route to host";
    case ETIMEDOUT:
      return "connection timed out";
    default:
      return std::strerror(number);
  }
}

// 1: ready, 0: timeout.
int pollFor(int socket, short events, milliseconds limit) {
  const Deadline end = Deadline::after(limit);
  pollfd entry{socket, events, 0};
  for (;;) {
    const int ready = ::poll(&entry, 1, static_cast<int>(end.left().count()));
    if (ready >= 0 || errno != EINTR) return ready;
  }
}

}  // namespace

TcpConnection::TcpConnection(int socket, std::string name, std::string place, const Deadline& deadline)
    : socket_(socket), name_(std::move(name)), place_(std::move(place)), deadline_(deadline) {}

TcpConnection::~TcpConnection() { ::close(socket_); }

void TcpConnection::enter(std::string_view phase) {
  phase_ = phase;
  phaseBegan_ = Deadline::Clock::now();
  enterStage(phase, name_);
}

void TcpConnection::waitFor(short events) const {
  // Checks the deadline first, so that a peer that keeps sending cannot extend it.
  const milliseconds left = deadline_.left();
  if (left == milliseconds::zero() || pollFor(socket_, events, left) == 0) throw timedOut();
}

void TcpConnection::sendAll(std::string_view bytes) const {
  while (!bytes.empty()) {
    waitFor(POLLOUT);
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) throw lost(errno);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t TcpConnection::receive(char* buffer, std::size_t size) const {
  for (;;) {
    waitFor(POLLIN);
    const ssize_t got = ::recv(socket_, buffer, size, 0);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EAGAIN && errno != EINTR) throw lost(errno);
  }
}

Error TcpConnection::failure(ErrorCode code, std::string_view why) const {
  return Error(code, fmt::format("{} {} failed: {}", phase_, name_, why));
}

Error TcpConnection::lost(int number) const { return failure(ErrorCode::kConnectionLost, reasonOfErrno(number)); }

Error TcpConnection::timedOut() const {
  const std::chrono::duration<double> spent = Deadline::Clock::now() - phaseBegan_;
  return Error(ErrorCode::kDeadline, fmt::format("{} {} timed out after {:.1f} s", phase_, name_, spent.count()))
      .advise("check that the node can reach " + place_ + " and that it answers in time, or raise the deadline");
}

}  // namespace rcb
