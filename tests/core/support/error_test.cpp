#include "core/support/error.hpp"

#include <gtest/gtest.h>

#include <set>

namespace rcb {
namespace {

TEST(Error, TableListsEveryCodeOnceInTheOrderOfTheEnumeration) {
  std::set<std::string_view> slugs;
  for (std::size_t i = 0; i < errorTable().size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(errorTable()[i].code), i);
    EXPECT_TRUE(slugs.insert(errorTable()[i].slug).second) << errorTable()[i].slug;
  }
  EXPECT_EQ(errorTable().back().code, ErrorCode::kConfinementMissing);
}

TEST(Error, EveryKindHasAMeaning) {
  std::set<ErrorKind> kinds;
  for (const ErrorEntry& entry : errorTable()) kinds.insert(entry.kind);
  ASSERT_EQ(exitStatusTable().size(), kinds.size());
  auto kind = kinds.begin();
  for (const ExitStatusEntry& entry : exitStatusTable()) EXPECT_EQ(entry.kind, *kind++) << entry.meaning;
}

TEST(Error, LineNamesCodeContextAndAdviceOnOneLine) {
  const Error error = Error(ErrorCode::kExchangeDenied, "the exchange refused\nthe identity")
                          .with("provider", "cloudsmith")
                          .with("status", "401")
                          .advise("check the claims");
  EXPECT_EQ(
      error.line(),
      "the exchange refused?the identity (code=exchange-denied, provider=cloudsmith, status=401); check the claims");
  EXPECT_EQ(static_cast<int>(error.kind()), 77);
}

TEST(Error, KeepsTheFirstValueOfAKeyAndTheFirstAdvice) {
  const Error error = Error(ErrorCode::kNoRule, "no").with("image", "a").with("image", "b").advise("one").advise("two");
  EXPECT_EQ(error.line(), "no (code=no-rule, image=a); one");
}

}  // namespace
}  // namespace rcb
