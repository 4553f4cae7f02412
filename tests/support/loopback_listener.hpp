// The plain TCP half of the test servers: listens on loopback, gives every connection a thread of its own, and ends them all at once.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace rcb::test {

// One non-blocking connection of a test server. All waits end when the listener does.
class LoopbackConnection {
 public:
  LoopbackConnection(int socket, int stopEvent) : socket_(socket), stopEvent_(stopEvent) {}
  ~LoopbackConnection();
  LoopbackConnection(const LoopbackConnection&) = delete;
  LoopbackConnection& operator=(const LoopbackConnection&) = delete;

  int socket() const { return socket_; }
  // Readable once the listener ends; a second connection of the same worker shares it.
  int stopEvent() const { return stopEvent_; }
  // True when poll() reports one of `events` (or an error on the socket); false when the listener ends or the limit is reached.
  bool waitFor(short events, std::optional<std::chrono::milliseconds> limit = {}) const;
  // Waits without doing anything; false when the listener ends.
  bool pause(std::chrono::milliseconds length) const;
  // Silence until the peer goes away or the listener ends.
  void stall() const;
  // Up to `size` bytes; 0 when there will be no more.
  std::size_t receive(char* buffer, std::size_t size) const;
  // False if the peer went away.
  bool send(std::string_view bytes) const;
  // While on, what is sent is held back to go out at once when it is off.
  void hold(bool on) const;
  // Ends with RST instead of FIN.
  void reset();
  // Ends our side, and leaves unread what comes, so that the peer's writing fails with EPIPE.
  void finishUnread() const;
  // Ends our side, then waits a moment for the peer's, so that what was sent arrives.
  void finish();

 private:
  int socket_;
  int stopEvent_;
};

// A connected, non-blocking loopback socket, or -1.
int connectLoopback(std::uint16_t port);

class LoopbackListener {
 public:
  using Serve = std::function<void(LoopbackConnection&)>;

  // `at` is a loopback address, 127.x.y.z or ::1. `accepted` runs on the accepting thread, in the order of the connections, and returns the function
  // that serves the connection on its own thread.
  LoopbackListener(const std::string& at, std::uint16_t port, std::function<Serve()> accepted);
  ~LoopbackListener();
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  struct Worker {
    std::atomic<bool> done = false;
    std::jthread thread;
  };
  void acceptAll();

  std::function<Serve()> accepted_;
  int listener_ = -1;
  int stopEvent_ = -1;
  std::uint16_t port_ = 0;
  std::list<Worker> workers_;
  std::jthread acceptor_;
};

}  // namespace rcb::test
