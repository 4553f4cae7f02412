#include "core/report/error_report.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

TEST(ErrorJson, HoldsAllOfAnErrorOnOneLine) {
  const Error error = Error(ErrorCode::kNoRule, "no rule matches \"a\"")
                          .with("image", "a.test/b")
                          .with("file", "/c")
                          .advise("write one");
  EXPECT_EQ(errorJson(error), R"({"error":{"code":"no-rule","exitStatus":66,"message":"no rule matches \"a\"",)"
                              R"("context":{"image":"a.test/b","file":"/c"},"advice":"write one"}})"
                              "\n");
}

TEST(ErrorJson, HasTheSameMembersWithoutContextAndAdvice) {
  EXPECT_EQ(errorJson(Error(ErrorCode::kInternal, "a")),
            R"({"error":{"code":"internal","exitStatus":70,"message":"a","context":{},"advice":""}})"
            "\n");
}

// Whatever bytes a message quotes, the line is JSON and stays one line.
TEST(ErrorJson, ReplacesWhatIsNotPrintable) {
  const Error error = Error(ErrorCode::kUsage, "line\nend\x1b[31m \xff").with("key", "\xc3\xa9\t").advise("a\rb");
  EXPECT_EQ(errorJson(error),
            R"({"error":{"code":"usage","exitStatus":64,"message":"line?end?[31m ?","context":{"key":"???"},)"
            R"("advice":"a?b"}})"
            "\n");
}

}  // namespace
}  // namespace rcb
