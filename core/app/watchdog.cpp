#include "core/app/watchdog.hpp"

#include "core/support/error.hpp"
#include "core/support/stage.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace rcb {
namespace {

// Only async-signal-safe calls from here on.
void put(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void onAlarm(int) {
  put("registry-credential-broker: the time for the whole run was over while ");
  put(currentStage());
  put(" (code=deadline); look at what that step waits for, or raise `deadline` in the broker file (at most 50s)\n");
  ::_exit(static_cast<int>(ErrorKind::kUnavailable));
}

void setTimer(std::chrono::milliseconds wait) {
  itimerval timer{};
  timer.it_value.tv_sec = static_cast<time_t>(wait.count() / 1000);
  timer.it_value.tv_usec = static_cast<suseconds_t>(wait.count() % 1000 * 1000);
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

void armWatchdog(const Deadline& deadline) {
  struct sigaction action {};
  action.sa_handler = onAlarm;
  ::sigaction(SIGALRM, &action, nullptr);
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  // The parent may have left it blocked.
  ::sigprocmask(SIG_UNBLOCK, &alarm, nullptr);
  setTimer(deadline.left() + kWatchdogGrace);
}

void disarmWatchdog() { setTimer(std::chrono::milliseconds(0)); }

}  // namespace rcb
