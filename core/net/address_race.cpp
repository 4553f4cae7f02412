#include "core/net/address_race.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace rcb {
namespace {

using std::chrono::milliseconds;

constexpr const char* kUnanswered = "did not answer";

std::string deedOf(int number) {
  switch (number) {
    case ECONNREFUSED:
      return "refused the connection";
    case ETIMEDOUT:
      return kUnanswered;
    case ENETUNREACH:
      return "cannot be reached (network unreachable)";
    case EHOSTUNREACH:
      return "cannot be reached (no route to host)";
    case EACCES:
    case EPERM:
      return "is blocked on this node (operation not permitted)";
    default:
      return std::string("failed (") + std::strerror(number) + ")";
  }
}

class Race {
 public:
  Race(const std::vector<SocketAddress>& addresses, std::size_t preferred, const Deadline& deadline,
       AddressMemory& memory)
      : addresses_(addresses), preferred_(preferred), deadline_(deadline), memory_(memory) {}
  ~Race() {
    for (const pollfd& socket : sockets_) ::close(socket.fd);
  }
  Race(const Race&) = delete;
  Race& operator=(const Race&) = delete;

  std::optional<RaceWinner> run() {
    while (!deadline_.passed()) {
      if (sockets_.empty() && next_ >= preferred_) preferred_ = addresses_.size();
      if (next_ < preferred_ && Deadline::Clock::now() >= nextStart_) {
        start();
      } else if (sockets_.empty()) {
        return std::nullopt;
      } else {
        wait();
      }
      if (winner_) {
        noteUnanswered(kConnectionAttemptDelay);
        return winner_;
      }
    }
    noteUnanswered(milliseconds::zero());
    return std::nullopt;
  }

 private:
  struct Runner {
    const SocketAddress* address;
    Deadline::Clock::time_point began;
  };

  void start() {
    const SocketAddress& address = addresses_[next_++];
    const Deadline::Clock::time_point now = Deadline::Clock::now();
    const int made = ::socket(address.get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (made < 0) return memory_.note(address, deedOf(errno));
    sockets_.push_back({made, POLLOUT, 0});
    runners_.push_back({&address, now});
    if (::connect(made, address.get(), address.size) == 0) return finish(sockets_.size() - 1, 0);
    if (errno != EINPROGRESS) return finish(sockets_.size() - 1, errno);
    nextStart_ = now + kConnectionAttemptDelay;
  }

  void wait() {
    milliseconds limit = deadline_.left();
    if (next_ < preferred_) {
      limit = std::min(limit, std::chrono::ceil<milliseconds>(nextStart_ - Deadline::Clock::now()));
    }
    const int ready = ::poll(sockets_.data(), sockets_.size(), static_cast<int>(std::max(limit, {}).count()));
    if (ready <= 0) return;  // timeout or signal
    // From the back, because finish() erases entries. The last winner found is the first in order of preference.
    for (std::size_t i = sockets_.size(); i-- > 0;) {
      if (sockets_[i].revents == 0) continue;
      int problem = 0;
      socklen_t size = sizeof problem;
      ::getsockopt(sockets_[i].fd, SOL_SOCKET, SO_ERROR, &problem, &size);
      finish(i, problem);
    }
  }

  void finish(std::size_t at, int problem) {
    const int socket = sockets_[at].fd;
    const SocketAddress& address = *runners_[at].address;
    sockets_.erase(sockets_.begin() + static_cast<std::ptrdiff_t>(at));
    runners_.erase(runners_.begin() + static_cast<std::ptrdiff_t>(at));
    if (problem == 0) {
      if (winner_) ::close(winner_->socket);
      winner_ = {socket, address};
    } else {
      ::close(socket);
      memory_.note(address, deedOf(problem));
      nextStart_ = {};
    }
  }

  void noteUnanswered(milliseconds patience) {
    const Deadline::Clock::time_point now = Deadline::Clock::now();
    for (const Runner& runner : runners_) {
      if (now - runner.began >= patience) memory_.note(*runner.address, kUnanswered);
    }
  }

  const std::vector<SocketAddress>& addresses_;
  std::size_t preferred_;
  const Deadline& deadline_;
  AddressMemory& memory_;
  std::size_t next_ = 0;
  Deadline::Clock::time_point nextStart_{};
  std::vector<pollfd> sockets_;  // connections in progress
  std::vector<Runner> runners_;  // at the same index
  std::optional<RaceWinner> winner_;
};

}  // namespace

std::optional<RaceWinner> raceAddresses(const std::vector<SocketAddress>& addresses, std::size_t preferred,
                                        const Deadline& deadline, AddressMemory& memory) {
  return Race(addresses, preferred, deadline, memory).run();
}

}  // namespace rcb
