#include "core/report/style.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

TEST(Style, PaintsOnATerminal) {
  EXPECT_TRUE(styleFor(true, {}).colour);
  EXPECT_TRUE(styleFor(true, {{"TERM", "xterm-256color"}}).colour);
}

TEST(Style, LeavesFilesAndPipesPlain) {
  EXPECT_FALSE(styleFor(false, {}).colour);
  EXPECT_FALSE(styleFor(false, {{"TERM", "xterm-256color"}}).colour);
}

// https://no-color.org: set and not empty, whatever the value.
TEST(Style, ObeysNoColor) {
  EXPECT_FALSE(styleFor(true, {{"NO_COLOR", "1"}}).colour);
  EXPECT_FALSE(styleFor(true, {{"NO_COLOR", "0"}}).colour);
  EXPECT_TRUE(styleFor(true, {{"NO_COLOR", ""}}).colour);
}

TEST(Style, LeavesADumbTerminalPlain) { EXPECT_FALSE(styleFor(true, {{"TERM", "dumb"}}).colour); }

TEST(Style, ResetsAfterWhatItPainted) {
  const Style colour{.colour = true};
  EXPECT_EQ(colour.paint(Tone::kGood, "ok"), "\x1b[32mok\x1b[0m");
  EXPECT_EQ(colour.paint(Tone::kWarning, "careful"), "\x1b[33mcareful\x1b[0m");
  EXPECT_EQ(colour.paint(Tone::kBad, "error"), "\x1b[31merror\x1b[0m");
}

TEST(Style, WithoutColourAddsNothing) { EXPECT_EQ(Style{}.paint(Tone::kBad, "error"), "error"); }

}  // namespace
}  // namespace rcb
