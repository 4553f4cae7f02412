#include "core/commands/repetition.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <new>
#include <vector>

namespace rcb {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

// A number that attempts, which are processes, share with the test.
class Shared {
 public:
  Shared()
      : number_(new (::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                            0)) std::atomic<int>(0)) {}
  ~Shared() { ::munmap(number_, sizeof(std::atomic<int>)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  std::atomic<int>& operator*() const { return *number_; }

 private:
  std::atomic<int>* number_;
};

void tellParentToEnd() { ::kill(::getppid(), SIGTERM); }

TEST(Repetition, EndsAtASignalAfterTheAttemptThatHasBegun) {
  Shared attempts;
  repeat({.attempt =
              [&](bool first) {
                EXPECT_TRUE(first);
                tellParentToEnd();
                ++*attempts;
                return 0;
              },
          .watched = [] { return std::string(); },
          .killed = {}});
  EXPECT_EQ(*attempts, 1);
}

TEST(Repetition, OfNothingEndsAtASignal) {
  sigset_t ends;
  sigset_t before;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  // The child has it blocked from its start, so that it cannot come too early.
  ASSERT_EQ(::sigprocmask(SIG_BLOCK, &ends, &before), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    awaitEnd();
    ::_exit(17);
  }
  ASSERT_EQ(::sigprocmask(SIG_SETMASK, &before, nullptr), 0);
  ASSERT_GT(child, 0);
  ASSERT_EQ(::kill(child, SIGTERM), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 17);
}

TEST(Repetition, GoesOnAfterFailuresAndCrashes) {
  Shared attempts;
  std::vector<int> signals;
  repeat({.attempt =
              [&](bool first) {
                const int number = ++*attempts;
                if (first != (number == 1)) return 1;
                if (number == 2) ::raise(SIGKILL);
                if (number == 4) tellParentToEnd();
                return number == 3 ? 0 : 78;
              },
          .watched = [] { return std::string(); },
          .killed = [&](int signal) { signals.push_back(signal); },
          .pause = milliseconds(1),
          .firstDelay = milliseconds(1),
          .lastDelay = milliseconds(2),
          .look = milliseconds(1)});
  EXPECT_EQ(*attempts, 4);
  EXPECT_EQ(signals, std::vector<int>{SIGKILL});
}

TEST(Repetition, BeginsAtOnceWhenWhatItWatchesChanges) {
  Shared attempts;
  int looks = 0;
  repeat({.attempt =
              [&](bool) {
                if (++*attempts == 3) tellParentToEnd();
                return *attempts == 1 ? 0 : 1;
              },
          .watched = [&] { return std::to_string(++looks / 2); },
          .killed = {},
          .pause = hours(1),
          .firstDelay = hours(1),
          .lastDelay = hours(1),
          .look = milliseconds(1)});
  EXPECT_EQ(*attempts, 3);
}

}  // namespace
}  // namespace rcb
