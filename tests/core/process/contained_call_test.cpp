#include "core/process/contained_call.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace rcb {
namespace {

const Deadline kAmple = Deadline::after(std::chrono::seconds(60));

TEST(ContainedCall, ReturnsWhatTheFunctionReturns) {
  const std::string large(300'000, 'x');
  const CallOutcome outcome = callContained([&] { return large + "y"; }, kAmple);
  EXPECT_EQ(outcome.end, CallEnd::kReturned);
  EXPECT_EQ(outcome.result, large + "y");
}

TEST(ContainedCall, RunsInAProcessOfItsOwn) {
  int changed = 0;
  const CallOutcome outcome = callContained(
      [&] {
        changed = 1;
        return std::to_string(::getpid());
      },
      kAmple);
  EXPECT_NE(outcome.result, std::to_string(::getpid()));
  EXPECT_EQ(changed, 0);
}

TEST(ContainedCall, KillsAFunctionThatHangsAndLeavesNoProcess) {
  const CallOutcome outcome = callContained(
      []() -> std::string {
        for (;;) ::pause();
      },
      Deadline::after(std::chrono::milliseconds(50)));
  EXPECT_EQ(outcome.end, CallEnd::kDeadline);
  EXPECT_EQ(outcome.result, "");
}

TEST(ContainedCall, TellsACrashFromAResult) {
  const auto endOf = [](const std::function<std::string()>& function) { return callContained(function, kAmple).end; };
  EXPECT_EQ(endOf([]() -> std::string { throw std::runtime_error("canary"); }), CallEnd::kCrashed);
  EXPECT_EQ(endOf([]() -> std::string {
              ::raise(SIGKILL);
              return "";
            }),
            CallEnd::kCrashed);
  EXPECT_EQ(endOf([] { return std::string(kCallResultLimit + 1, 'x'); }), CallEnd::kCrashed);
}

}  // namespace
}  // namespace rcb
