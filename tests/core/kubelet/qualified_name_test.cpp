#include "core/kubelet/qualified_name.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

TEST(QualifiedName, IsANameWithAPrefixOrWithoutOne) {
  for (const std::string& key : {std::string("a"), std::string("A.b_c-9"), std::string("registry.test/team"),
                                 std::string("9/9"), std::string("Registry.TEST/Team"), "a/" + std::string(63, 'x'),
                                 std::string(100, 'a') + "." + std::string(152, 'b') + "/x"}) {
    EXPECT_EQ(qualifiedNameProblem(key), "") << key;
  }
}

TEST(QualifiedName, IsNothingElseAndSaysWhy) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "is empty"},
      {"a/", "has nothing after the '/'"},
      {"/a", "has nothing before the '/'"},
      {"a/b/c", "has more than one '/'"},
      {"a_b/c", "has a prefix that is not a DNS name"},
      {"a..b/c", "has a prefix that is not a DNS name"},
      {"-a/c", "has a prefix that is not a DNS name"},
      {std::string(254, 'a') + "/c", "has more than 253 characters before the '/'"},
      {std::string(64, 'a'), "has a name of more than 63 characters"},
      {"-a",
       "has a name that does not consist of letters, digits, '-', '_' and '.', beginning and ending with a letter or "
       "digit"},
      {"a b",
       "has a name that does not consist of letters, digits, '-', '_' and '.', beginning and ending with a letter or "
       "digit"}};
  for (const auto& [key, why] : cases) EXPECT_EQ(qualifiedNameProblem(key), why) << key;
}

}  // namespace
}  // namespace rcb
