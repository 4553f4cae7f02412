// A way between a program and the exchange that takes its time, as the internet does.
//
//   bench_relay PORT DELAY_MS     forwards every connection to 127.0.0.1:PORT; each byte is on its way for DELAY_MS, and so is the connecting
//
// Prints its port, then for every connection that ended a line with its round trips: one for connecting, and one for each time that the client
// had to hear something before it went on. Serves until its stdin ends.
#include "tests/support/loopback_listener.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iterator>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;
using rcb::test::LoopbackConnection;
using std::chrono::milliseconds;

// Bytes on their way in one direction.
struct Parcel {
  Clock::time_point due;
  std::string bytes;
};

class Direction {
 public:
  Direction(const LoopbackConnection& from, const LoopbackConnection& to, milliseconds delay)
      : from_(from), to_(to), delay_(delay) {}

  bool ended() const { return ended_ && parcels_.empty(); }
  // Nothing to wait for once it has ended; poll() would report the end again and again.
  pollfd awaited() const { return {ended_ ? -1 : from_.socket(), POLLIN, 0}; }

  // True if there were any bytes.
  bool take() {
    char buffer[65536];
    const std::size_t got = from_.receive(buffer, sizeof buffer);
    if (got == 0) ended_ = true;
    if (got > 0) parcels_.push_back({Clock::now() + delay_, std::string(buffer, got)});
    return got > 0;
  }
  void deliver() {
    while (!parcels_.empty() && parcels_.front().due <= Clock::now()) {
      if (!to_.send(parcels_.front().bytes)) ended_ = true;
      parcels_.pop_front();
    }
  }
  // Until the next bytes arrive; -1: none are on their way.
  int wait() const {
    if (parcels_.empty()) return -1;
    const auto left = std::chrono::ceil<milliseconds>(parcels_.front().due - Clock::now());
    return std::max(0, static_cast<int>(left.count()));
  }

 private:
  const LoopbackConnection& from_;
  const LoopbackConnection& to_;
  milliseconds delay_;
  std::deque<Parcel> parcels_;
  bool ended_ = false;
};

void relay(const LoopbackConnection& client, std::uint16_t port, milliseconds delay) {
  // What a SYN and its answer would take; the client's first bytes cannot be sent before.
  if (!client.pause(2 * delay)) return;
  const LoopbackConnection server(rcb::test::connectLoopback(port), client.stopEvent());
  Direction there(client, server, delay);
  Direction back(server, client, delay);
  int roundTrips = 1;
  bool heard = true;  // since the client last spoke
  while (!back.ended()) {
    pollfd sockets[] = {there.awaited(), back.awaited(), {client.stopEvent(), POLLIN, 0}};
    const int waits[] = {there.wait(), back.wait()};
    const int wait = waits[0] < 0 ? waits[1] : waits[1] < 0 ? waits[0] : std::min(waits[0], waits[1]);
    if (::poll(sockets, std::size(sockets), wait) < 0 || sockets[2].revents != 0) break;
    if (sockets[0].revents != 0 && there.take() && heard) {
      ++roundTrips;
      heard = false;
    }
    if (sockets[1].revents != 0) heard = back.take() || heard;
    there.deliver();
    back.deliver();
  }
  std::printf("%d\n", roundTrips);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench_relay PORT DELAY_MS\n", stderr);
    return 64;
  }
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  const milliseconds delay(std::atoi(argv[2]));
  const rcb::test::LoopbackListener listener(
      false, 0, [=] { return [=](LoopbackConnection& client) { relay(client, port, delay); }; });
  std::printf("%d\n", listener.port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}
