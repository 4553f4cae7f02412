#include "core/support/stage.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

TEST(Stage, NamesTheLatest) {
  enterStage("reading the request");
  EXPECT_EQ(currentStage(), "reading the request");
  enterStage("resolving", "api.cloudsmith.io");
  EXPECT_EQ(currentStage(), "resolving api.cloudsmith.io");
}

TEST(Stage, KeepsTheFormerTextWholeUntilTheNextIsComplete) {
  enterStage("first");
  const std::string_view seen = currentStage();  // as a signal handler would hold it while the next stage begins
  enterStage("second");
  EXPECT_EQ(seen, "first");
  EXPECT_EQ(currentStage(), "second");
}

TEST(Stage, CutsLongTexts) {
  enterStage(std::string(100, 'a'), std::string(1000, 'b'));
  EXPECT_EQ(currentStage(), std::string(50, 'a') + " " + std::string(200, 'b'));
}

TEST(Stage, IsPrintable) {
  enterStage("resolving", "a\nb\x1b\xff");
  EXPECT_EQ(currentStage(), "resolving a?b??");
}

}  // namespace
}  // namespace rcb
