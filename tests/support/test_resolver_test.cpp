#include <gtest/gtest.h>
#include <netdb.h>

namespace rcb::test {
namespace {

int resolve(const char* name) {
  addrinfo* found = nullptr;
  const int problem = ::getaddrinfo(name, "443", nullptr, &found);
  if (problem == 0) ::freeaddrinfo(found);
  return problem;
}

TEST(TestResolver, KnowsAddressesAndLocalhost) {
  for (const char* name : {"127.0.0.1", "::1", "localhost"}) EXPECT_EQ(resolve(name), 0) << name;
}

TEST(TestResolver, FindsNothingBelowInvalidWhateverTheMachineSays) {
  for (const char* name : {"api.invalid", "a.b.invalid"}) EXPECT_EQ(resolve(name), EAI_NONAME) << name;
}

TEST(TestResolverDeathTest, AbortsATestThatAsksForANameSomebodyMayHave) {
  for (const char* name : {"api.cloudsmith.test", "registry.example", "notinvalid", ""}) {
    EXPECT_DEATH(resolve(name), "take a name below .invalid") << name;
  }
}

}  // namespace
}  // namespace rcb::test
