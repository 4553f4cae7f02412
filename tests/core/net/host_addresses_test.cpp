#include "core/net/host_addresses.hpp"

#include "tests/core/net/named_addresses.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::socketAddress;
using test::socketAddresses;
using test::textsOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> order(const std::vector<std::string>& texts) {
  return textsOf(interleaved(socketAddresses(texts)));
}

TEST(SocketAddress, IsWrittenWithoutItsPort) {
  EXPECT_EQ(socketAddress("192.0.2.1", 8443).text(), "192.0.2.1");
  EXPECT_EQ(socketAddress("2001:db8::1", 8443).text(), "[2001:db8::1]");
}

TEST(SocketAddress, IsAnotherWithAnotherPortOrFamily) {
  EXPECT_EQ(socketAddress("192.0.2.1", 443), socketAddress("192.0.2.1", 443));
  EXPECT_FALSE(socketAddress("192.0.2.1", 443) == socketAddress("192.0.2.1", 8443));
  EXPECT_FALSE(socketAddress("192.0.2.1", 443) == socketAddress("::ffff:192.0.2.1", 443));
}

TEST(Interleaving, TakesTheFamiliesInTurnAndKeepsTheOrderWithinEach) {
  EXPECT_THAT(order({}), IsEmpty());
  EXPECT_THAT(order({"192.0.2.1", "192.0.2.2"}), ElementsAre("192.0.2.1", "192.0.2.2"));
  EXPECT_THAT(order({"2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "192.0.2.2"}),
              ElementsAre("[2001:db8::1]", "192.0.2.1", "[2001:db8::2]", "192.0.2.2", "[2001:db8::3]"));
  EXPECT_THAT(order({"192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1"}),
              ElementsAre("192.0.2.1", "[2001:db8::1]", "192.0.2.2", "192.0.2.3"));
}

TEST(Interleaving, PutsTheOtherFamilySecondHoweverManyTheFirstHas) {
  std::vector<std::string> many;
  for (int i = 1; i <= 100; ++i) many.push_back("2001:db8::" + std::to_string(i));
  many.push_back("192.0.2.1");
  const std::vector<std::string> ordered = order(many);
  EXPECT_EQ(ordered.at(1), "192.0.2.1");
  EXPECT_EQ(ordered.size(), 64u);
}

TEST(Interleaving, NamesEachAddressOnce) {
  EXPECT_THAT(order({"192.0.2.1", "2001:db8::1", "192.0.2.1", "192.0.2.2", "2001:db8::1"}),
              ElementsAre("192.0.2.1", "[2001:db8::1]", "192.0.2.2"));
}

TEST(SystemResolver, LooksNoNumericAddressUp) {
  EXPECT_THAT(textsOf(resolveWithSystem("192.0.2.7", 443).addresses), ElementsAre("192.0.2.7"));
  EXPECT_THAT(textsOf(resolveWithSystem("2001:db8::7", 443).addresses), ElementsAre("[2001:db8::7]"));
}

TEST(SystemResolver, SaysWhyThereIsNothing) {
  const Resolution none = resolveWithSystem("registry.invalid", 443);
  EXPECT_THAT(none.addresses, IsEmpty());
  EXPECT_NE(none.problem, 0);
}

struct ProblemCase {
  int problem;
  int number;
  bool mayPass;
  bool blamesTheName;
  const char* said;
};

TEST(ResolutionError, HasTheRightWordsForEveryProblem) {
  const ProblemCase cases[] = {
      {EAI_NONAME, 0, false, true, "resolving api.example.com failed: no such host (code=dns-failed)"},
      {0, 0, false, true, "the name exists but has no address"},
      {EAI_AGAIN, 0, true, false, "the name server did not answer, or failed temporarily"},
      {EAI_FAIL, 0, false, false, "the name server refused to answer"},
      {EAI_MEMORY, 0, false, false, "there is not enough memory"},
      {EAI_SYSTEM, EMFILE, false, false, "the system's resolver failed: Too many open files"},
      {EAI_SYSTEM, EACCES, false, false, "the system's resolver failed: Permission denied"},
      {EAI_SYSTEM, ECONNREFUSED, true, false, "the system's resolver failed: Connection refused"},
      {EAI_SYSTEM, ETIMEDOUT, true, false, "the system's resolver failed: Connection timed out"},
      {EAI_SYSTEM, ENETUNREACH, true, false, "the system's resolver failed: Network is unreachable"},
      {EAI_SYSTEM, 0, false, false, "the system's resolver failed"},
      {EAI_FAMILY, 0, false, false, "the system's resolver failed: "},
      {EAI_SERVICE, 0, false, false, "the system's resolver failed: "},
      {EAI_BADFLAGS, 0, false, false, "the system's resolver failed: "},
      {-12345, 0, false, false, "the system's resolver failed: "},
  };
  for (const ProblemCase& expected : cases) {
    const ResolutionError error("api.example.com", {{}, expected.problem, expected.number});
    EXPECT_THAT(error.line(), HasSubstr(expected.said));
    EXPECT_EQ(error.mayPass(), expected.mayPass) << error.line();
    EXPECT_EQ(error.line().find("spelling") != std::string::npos, expected.blamesTheName) << error.line();
    EXPECT_EQ(error.code(), ErrorCode::kDnsFailed);
    EXPECT_NE(error.advice(), "");
  }
}

}  // namespace
}  // namespace rcb
