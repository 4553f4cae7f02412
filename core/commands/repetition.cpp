#include "core/commands/repetition.hpp"

#include "core/process/child_wait.hpp"
#include "core/support/deadline.hpp"
#include "core/support/error.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>

namespace rcb {
namespace {

// Blocks the signals that end the repetition, so that they wait until it looks for them.
class HeldSignals {
 public:
  HeldSignals() {
    sigemptyset(&ends_);
    sigaddset(&ends_, SIGTERM);
    sigaddset(&ends_, SIGINT);
    ::sigprocmask(SIG_BLOCK, &ends_, &before_);
  }
  ~HeldSignals() { restore(); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  void restore() const { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

  // Whether one came within this time.
  bool cameWithin(std::chrono::milliseconds time) const {
    const timespec limit{static_cast<time_t>(time.count() / 1000), static_cast<long>(time.count() % 1000 * 1'000'000)};
    return ::sigtimedwait(&ends_, nullptr, &limit) > 0;
  }

 private:
  sigset_t ends_{};
  sigset_t before_{};
};

// A process of its own can enter another root, and whatever happens to it, this one stays.
int runOnce(const Repetition& repetition, bool first, const HeldSignals& signals) {
  const pid_t child = ::fork();
  if (child < 0) throw Error(ErrorCode::kInternal, "there can be no child process");
  if (child == 0) {
    signals.restore();
    ::_exit(repetition.attempt(first));
  }
  const int status = waitForChild(child);
  if (WIFSIGNALED(status)) repetition.killed(WTERMSIG(status));
  return exitStatusOf(status);
}

}  // namespace

void repeat(const Repetition& repetition) {
  const HeldSignals signals;
  std::chrono::milliseconds delay = repetition.firstDelay;
  for (bool first = true;; first = false) {
    const std::string watched = repetition.watched();
    const bool failed = runOnce(repetition, first, signals) != 0;
    const Deadline next = Deadline::after(failed ? delay : repetition.pause);
    delay = failed ? std::min(2 * delay, repetition.lastDelay) : repetition.firstDelay;
    do {
      if (signals.cameWithin(std::min(repetition.look, next.left()))) return;
    } while (!next.passed() && repetition.watched() == watched);
    if (!next.passed()) delay = repetition.firstDelay;
  }
}

void awaitEnd() {
  const HeldSignals signals;
  while (!signals.cameWithin(std::chrono::hours(1))) {
  }
}

}  // namespace rcb
