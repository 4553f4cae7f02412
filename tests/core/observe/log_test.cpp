#include "core/observe/log.hpp"

#include "core/support/secret.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <type_traits>

namespace rcb {
namespace {

class LogTest : public testing::Test {
 protected:
  Log at(LogLevel level) {
    return Log(level, [this](std::string_view line) { lines_.emplace_back(line); });
  }
  std::vector<std::string> lines_;
};

TEST_F(LogTest, WritesLevelMessageAndFieldsOnOneLine) {
  at(LogLevel::kDebug).write(LogLevel::kInfo, "rule selected", {{"provider", "cloudsmith"}, {"image", "a/b"}});
  EXPECT_THAT(lines_, testing::ElementsAre(R"(level=info message="rule selected" provider="cloudsmith" image="a/b")"));
}

TEST_F(LogTest, DropsLinesBelowItsLevel) {
  const Log log = at(LogLevel::kWarn);
  log.write(LogLevel::kDebug, "a");
  log.write(LogLevel::kInfo, "b");
  log.write(LogLevel::kWarn, "c");
  log.write(LogLevel::kError, "d");
  EXPECT_THAT(lines_, testing::ElementsAre("level=warn message=\"c\"", "level=error message=\"d\""));
  EXPECT_FALSE(log.shows(LogLevel::kInfo));
  EXPECT_TRUE(log.shows(LogLevel::kWarn));
}

TEST_F(LogTest, IsSilentWithoutASink) {
  const Log log(LogLevel::kDebug);
  EXPECT_FALSE(log.shows(LogLevel::kError));
  log.write(LogLevel::kError, "not shown");
}

TEST_F(LogTest, ForeignTextCannotForgeALineOrAField) {
  at(LogLevel::kDebug).write(LogLevel::kInfo, "a\nlevel=error", {{"ima\nge", "x\" level=\"error\r\n\x1b[31m\xc3\xbc"}});
  EXPECT_THAT(lines_,
              testing::ElementsAre(R"(level=info message="a?level=error" ima?ge="x\" level=\"error???[31m??")"));
}

TEST_F(LogTest, CutsLongValues) {
  at(LogLevel::kDebug).write(LogLevel::kInfo, "m", {{"v", std::string(1000, 'x')}});
  EXPECT_EQ(lines_.at(0).size(), std::string("level=info message=\"m\" v=\"\"").size() + 203);
}

static_assert(!std::is_constructible_v<Log::Field, std::string_view, const Secret&>, "a Secret must not be a field");
static_assert(!std::is_convertible_v<const Secret&, std::string_view>, "a Secret must not convert to a string");

}  // namespace
}  // namespace rcb
