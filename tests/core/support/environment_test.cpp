#include "core/support/environment.hpp"

#include "tests/support/scoped_environment.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

TEST(Environment, CopiesTheProcesssOwn) {
  const test::ScopedEnvironment scope("RCB_TEST_VARIABLE", "a=b=c");
  const Environment environment = currentEnvironment();
  EXPECT_EQ(environment.at("RCB_TEST_VARIABLE"), "a=b=c");
  EXPECT_EQ(environment.count("RCB_TEST_NO_SUCH_VARIABLE"), 0U);
}

}  // namespace
}  // namespace rcb
