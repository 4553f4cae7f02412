#include "core/process/watchdog.hpp"

#include "core/support/error.hpp"
#include "core/support/stage.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace rcb {
namespace {

std::optional<Deadline> current;

constexpr std::string_view kBefore = "registry-credential-broker: the run exceeded its deadline while ";
constexpr std::string_view kBehind =
    " (code=deadline); check what that step waits for, or raise `deadline` in the broker file (at most 50s)\n";

// The functions below make only async-signal-safe calls.
[[noreturn]] void end() { ::_exit(static_cast<int>(ErrorKind::kUnavailable)); }

// Fires once. Zero disables the timer.
void setTimer(std::chrono::milliseconds wait) {
  itimerval timer{};
  timer.it_value.tv_sec = static_cast<time_t>(wait.count() / 1000);
  timer.it_value.tv_usec = static_cast<suseconds_t>(wait.count() % 1000 * 1000);
  ::setitimer(ITIMER_REAL, &timer, nullptr);  // async-signal-safe: on Linux it is only a system call
}

volatile std::sig_atomic_t spoke = 0;

// A second alarm interrupts a write that waits for a reader, and ends the process. This works for pipes, terminals and sockets alike. O_NONBLOCK is
// not an alternative, because it would remain set for other processes that share the descriptor.
void onAlarm(int) {
  if (spoke != 0) end();
  spoke = 1;
  setTimer(kLastWordLimit);
  // One write, so that the line is not interleaved with those of other writers.
  char line[512];
  std::size_t size = 0;
  for (const std::string_view part : {kBefore, currentStage(), kBehind}) {
    if (part.size() > sizeof line - size) break;
    std::memcpy(line + size, part.data(), part.size());
    size += part.size();
  }
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line, size);
  end();
}

void arm(const Deadline& deadline) { setTimer(deadline.left() + kWatchdogGrace); }

void takeSignal() {
  struct sigaction action {};
  action.sa_handler = onAlarm;
  // The second alarm interrupts the first one's write. A module's runtime may have threads with small stacks and one for signals (Go).
  action.sa_flags = SA_NODEFER | SA_ONSTACK;
  ::sigaction(SIGALRM, &action, nullptr);
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  // The parent may have blocked the signal.
  ::sigprocmask(SIG_UNBLOCK, &alarm, nullptr);
}

}  // namespace

Watchdog::Watchdog(const Deadline& deadline) : outer_(current) {
  if (!outer_) takeSignal();
  current = deadline;
  arm(deadline);
}

Watchdog::~Watchdog() {
  current = outer_;
  if (current) {
    arm(*current);
  } else {
    setTimer({});
  }
}

std::optional<Deadline> watchedDeadline() { return current; }

}  // namespace rcb
