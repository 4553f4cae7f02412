#include "core/process/child_process.hpp"

#include "core/support/error.hpp"
#include "tests/support/error_matchers.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::throwsError;

Deadline soon() { return Deadline::after(std::chrono::seconds(20)); }

TEST(ChildProcess, TellsItsStatusAndWhatItWrote) {
  const ChildOutcome outcome = runChild({"sh", "-c", "echo out; echo err >&2; cat; exit 3"}, "", soon());
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.output, "out\nerr\n");
  EXPECT_EQ(runChild({"sh", "-c", "kill -9 $$"}, "", soon()).status, 137);
}

TEST(ChildProcess, KeepsOnlySoMuchOfItsOutput) {
  EXPECT_EQ(runChild({"sh", "-c", "yes | head -c 300000"}, "", soon()).output.size(), kChildOutputLimit);
}

TEST(ChildProcess, DiesOfAPipeWithoutAReader) {
  EXPECT_EQ(runChild({"sh", "-c", "yes | head -n 1; exit ${PIPESTATUS:-0}"}, "", soon()).output, "y\n");
}

TEST(ChildProcess, ThatCannotBeStartedIsAnErrorWithTheReason) {
  EXPECT_THAT([] { runChild({"/no/such/program"}, "", soon()); },
              throwsError(ErrorCode::kFileUnreadable, "/no/such/program cannot be started: No such file"));
  EXPECT_THAT([] { runChild({"sh"}, "/no/such/root", soon()); },
              throwsError(ErrorCode::kFileUnreadable, "cannot be started"));
}

TEST(ChildProcess, ThatOutlivesTheDeadlineIsKilled) {
  EXPECT_THAT(
      [] {
        runChild({"sleep", "600"}, "", Deadline::after(std::chrono::milliseconds(50)));
      },
      throwsError(ErrorCode::kDeadline, "sleep did not end"));
}

}  // namespace
}  // namespace rcb
