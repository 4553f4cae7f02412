// A TCP connection. One deadline applies to every step, and every failure names the step, the peer and the cause. All network failures are turned
// into an Error here or in tls_socket.hpp.
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
  // Takes ownership of a connected, non-blocking socket. `name` is the peer's name in messages, `place` its host:port.
  TcpConnection(int socket, std::string name, std::string place, const Deadline& deadline);
  ~TcpConnection();
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;

  int socket() const { return socket_; }

  // Begins a phase, such as "waiting for", which is named in later messages and by the watchdog.
  void enter(std::string_view phase);
  // Changes the peer's name: behind a proxy, to the host at the end of the tunnel.
  void rename(std::string name) { name_ = std::move(name); }
  const std::string& name() const { return name_; }

  // Applies to every later step.
  void setDeadline(const Deadline& deadline) { deadline_ = deadline; }

  // Waits until poll() reports one of `events`. Throws Error(kDeadline), at once if it has passed.
  void waitFor(short events) const;
  bool timeIsUp() const { return deadline_.passed(); }

  // Send all bytes; receive at least one byte, or 0 at the end of the stream. Without TLS. Throw Error: kDeadline, kConnectionLost.
  void sendAll(std::string_view bytes) const;
  std::size_t receive(char* buffer, std::size_t size) const;

  // "<phase> <name> failed: <why>".
  Error failure(ErrorCode code, std::string_view why) const;
  // The same for an errno of the socket, with kConnectionLost.
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
