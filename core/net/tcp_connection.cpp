#include "core/net/tcp_connection.hpp"

#include "core/net/http_url.hpp"
#include "core/net/ip_address.hpp"
#include "core/support/stage.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace rcb {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kConnectLimit{3'000};
// A name with more addresses than this gets no more tries, and its message no longer.
constexpr int kAddressLimit = 8;

struct AddressReleaser {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressReleaser>;

std::string_view reasonOf(int resolverError) {
  switch (resolverError) {
    case EAI_NONAME:
#ifdef EAI_NODATA
    case EAI_NODATA:
#endif
      return "there is no such name";
    case EAI_AGAIN:
      return "the name server did not answer";
    case EAI_FAIL:
      return "the name server failed";
    default:
      return "the system's resolver failed";
  }
}

std::string_view reasonOfErrno(int number) {
  switch (number) {
    case ECONNREFUSED:
      return "connection refused";
    case ECONNRESET:
    case EPIPE:
      return "the other side broke the connection off";
    case ENETUNREACH:
    case EHOSTUNREACH:
      return "no route";
    case ETIMEDOUT:
      return "no answer";
    default:
      return std::strerror(number);
  }
}

std::string numeric(const addrinfo& address, std::uint16_t port) {
  char host[NI_MAXHOST];
  const int problem = ::getnameinfo(address.ai_addr, address.ai_addrlen, host, sizeof host, nullptr, 0, NI_NUMERICHOST);
  return problem == 0 ? hostAndPort(host, port) : "an address";
}

// 1 ready, 0 time over.
int pollFor(int socket, short events, milliseconds limit) {
  const Deadline end = Deadline::after(limit);
  pollfd entry{socket, events, 0};
  for (;;) {
    const int ready = ::poll(&entry, 1, static_cast<int>(end.left().count()));
    if (ready >= 0 || errno != EINTR) return ready;
  }
}

}  // namespace

TcpConnection::TcpConnection(const std::string& host, std::uint16_t port, std::string name, const Deadline& deadline)
    : name_(std::move(name)), place_(hostAndPort(host, port)), deadline_(deadline) {
  enter("resolving");
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | (parseIpAddress(host) ? AI_NUMERICHOST : 0);
  addrinfo* found = nullptr;
  const int problem = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  const AddressList addresses(found);
  if (problem != 0) {
    throw failure(ErrorCode::kDnsFailed, reasonOf(problem))
        .advise("check its spelling and the node's /etc/resolv.conf; nodes do not know names of cluster services");
  }

  enter("connecting to");
  std::string reasons;
  int tried = 0;
  for (const addrinfo* address = addresses.get(); address != nullptr && tried < kAddressLimit;
       address = address->ai_next, ++tried) {
    std::string why;
    if (connectTo(*address, why)) return;
    reasons += (reasons.empty() ? "" : ", ") + numeric(*address, port) + ": " + why;
  }
  throw failure(ErrorCode::kConnectFailed, reasons)
      .advise("check that the node may reach " + place_ + " (routes, firewall, HTTPS_PROXY)");
}

TcpConnection::~TcpConnection() {
  if (socket_ >= 0) ::close(socket_);
}

bool TcpConnection::connectTo(const addrinfo& address, std::string& why) {
  const milliseconds left = deadline_.left();
  if (left == milliseconds::zero()) throw timedOut();
  const int made = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol);
  int problem = made < 0 ? errno : 0;
  if (made >= 0 && ::connect(made, address.ai_addr, address.ai_addrlen) != 0) problem = errno;
  if (problem == EINPROGRESS) {
    if (pollFor(made, POLLOUT, std::min(kConnectLimit, left)) > 0) {
      socklen_t size = sizeof problem;
      ::getsockopt(made, SOL_SOCKET, SO_ERROR, &problem, &size);
    } else {
      ::close(made);
      if (deadline_.passed()) throw timedOut();
      why = "no answer within 3 s";
      return false;
    }
  }
  if (problem != 0) {
    if (made >= 0) ::close(made);
    why = reasonOfErrno(problem);
    return false;
  }
  // Without it, a request that leaves in two writes waits 40 ms for the first to be acknowledged.
  const int on = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  socket_ = made;
  return true;
}

void TcpConnection::enter(std::string_view phase) {
  phase_ = phase;
  phaseBegan_ = Deadline::Clock::now();
  enterStage(phase, name_);
}

void TcpConnection::waitFor(short events) const {
  // The deadline first: a peer that always has one more byte must not keep us.
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
  return Error(ErrorCode::kDeadline,
               fmt::format("{} {} took too long: no end after {:.1f} s", phase_, name_, spent.count()))
      .advise("check that the node may reach " + place_ + " and that it answers in time, or raise the deadline");
}

}  // namespace rcb
