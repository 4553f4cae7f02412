#include "tests/support/child_process.hpp"

#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <signal.h>

namespace rcb::test {
namespace {

Finished shell(const std::string& script, const std::string& input = "",
               std::chrono::milliseconds limit = std::chrono::seconds(20)) {
  return runCommand({{"/bin/sh", "-c", script}, {{"GREETING", "hello"}}, input}, limit);
}

TEST(ChildProcess, HandsBackWhatTheProgramWroteAndHowItEnded) {
  const Finished finished = shell("cat; echo problem >&2; exit 77", "request");
  EXPECT_EQ(finished.output, "request");
  EXPECT_EQ(finished.errors, "problem\n");
  EXPECT_EQ(finished.exitStatus, 77);
  EXPECT_EQ(finished.signal, 0);
}

TEST(ChildProcess, GivesTheProgramOnlyTheStatedEnvironment) {
  EXPECT_EQ(runCommand({{"/usr/bin/env"}, {{"GREETING", "hello"}}, ""}, std::chrono::seconds(20)).output,
            "GREETING=hello\n");
}

TEST(ChildProcess, MovesMoreThanAPipeHolds) {
  const std::string much(std::size_t{4} << 20, 'x');
  EXPECT_EQ(shell("cat", much).output, much);
}

TEST(ChildProcess, SurvivesAProgramThatDoesNotRead) {
  EXPECT_EQ(shell("exit 3", std::string(std::size_t{4} << 20, 'x')).exitStatus, 3);
}

TEST(ChildProcess, KillsWhatTakesTooLong) {
  EXPECT_EQ(shell("exec sleep 60", "", std::chrono::milliseconds(50)).signal, SIGKILL);
  // Even if it has closed its output.
  EXPECT_EQ(shell("exec sleep 60 >&- 2>&-", "", std::chrono::milliseconds(50)).signal, SIGKILL);
}

TEST(ChildProcess, SaysWhenAProgramCannotBeStarted) {
  EXPECT_EQ(runCommand({{"/nonexistent"}, {}, ""}, std::chrono::seconds(20)).exitStatus, 127);
}

TEST(BackgroundProcess, EndsWithItsObject) {
  const TempFolder folder;
  BackgroundProcess ended({{"/bin/true"}, {}, ""}, folder.path() + "/log");
  while (ended.running()) {
  }
  BackgroundProcess lasting({{"/bin/sleep", "60"}, {}, ""}, folder.path() + "/log");
  EXPECT_TRUE(lasting.running());
}

}  // namespace
}  // namespace rcb::test
