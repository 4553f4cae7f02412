// One TCP connection whose every step is bounded by one deadline, and whose every failure says what was being done, with whom, and why it
// ended. Everything that the network does to us is turned into an Error here or in tls_socket.hpp.
#pragma once

#include "core/support/deadline.hpp"
#include "core/support/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace rcb {

class TcpConnection {
 public:
  // Takes a connected, non-blocking socket, which it closes. `name` is what messages call the peer, `place` is its host:port.
  TcpConnection(int socket, std::string name, std::string place, const Deadline& deadline);
  ~TcpConnection();
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;

  int socket() const { return socket_; }

  // Begins a phase, such as "waiting for"; messages and the watchdog name it from now on.
  void enter(std::string_view phase);
  // The peer has another name from now on: behind a proxy, the other end of the tunnel.
  void rename(std::string name) { name_ = std::move(name); }
  const std::string& name() const { return name_; }

  // From now on, this bounds every step.
  void setDeadline(const Deadline& deadline) { deadline_ = deadline; }

  // Until poll() reports one of `events`. Throws Error(kDeadline), at once if the time is up.
  void waitFor(short events) const;
  bool timeIsUp() const { return deadline_.passed(); }

  // All bytes, and at least one (0 at the orderly end), without TLS. Throw Error: kDeadline, kConnectionLost.
  void sendAll(std::string_view bytes) const;
  std::size_t receive(char* buffer, std::size_t size) const;

  // "<phase> <name> failed: <why>".
  Error failure(ErrorCode code, std::string_view why) const;
  // The same for an errno of the socket: kConnectionLost.
  Error lost(int number) const;

 private:
  Error timedOut() const;

  int socket_;
  std::string name_;
  std::string place_;  // host:port, for advice
  Deadline deadline_;
  std::string_view phase_;
  Deadline::Clock::time_point phaseBegan_;
};

}  // namespace rcb
