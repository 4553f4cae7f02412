// Which address is tried when, and what is remembered of it: against loopback addresses that answer, refuse, or drop every SYN.
#include "core/net/address_race.hpp"

#include "tests/core/net/named_addresses.hpp"
#include "tests/support/loopback_addresses.hpp"
#include "tests/support/loopback_listener.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <deque>
#include <optional>

namespace rcb {
namespace {

using std::chrono::milliseconds;
using test::DeadAddress;
using test::LoopbackConnection;
using test::LoopbackListener;
using test::socketAddress;
using test::textsOf;
using testing::ElementsAre;

TEST(AddressMemory, PutsBadAddressesLastBeginningWithTheOldestFailure) {
  AddressMemory memory;
  std::vector<SocketAddress> addresses = test::socketAddresses({"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"});
  memory.note(addresses[2], "did not answer");
  memory.note(addresses[0], "refused the connection");
  EXPECT_EQ(memory.order(addresses), 2u);
  EXPECT_THAT(textsOf(addresses), ElementsAre("192.0.2.2", "192.0.2.4", "192.0.2.3", "192.0.2.1"));
  memory.note(socketAddress("192.0.2.3"), "did not answer");
  EXPECT_EQ(memory.order(addresses), 2u);
  EXPECT_THAT(textsOf(addresses), ElementsAre("192.0.2.2", "192.0.2.4", "192.0.2.1", "192.0.2.3"));
}

TEST(AddressMemory, ForgivesAnAddressThatWorks) {
  AddressMemory memory;
  memory.note(socketAddress("192.0.2.1"), "did not answer");
  EXPECT_TRUE(memory.isBad(socketAddress("192.0.2.1")));
  EXPECT_FALSE(memory.isBad(socketAddress("192.0.2.1", 8443)));
  memory.forgive(socketAddress("192.0.2.1"));
  EXPECT_FALSE(memory.isBad(socketAddress("192.0.2.1")));
}

TEST(AddressMemory, DescribesAFewAndCountsTheRest) {
  AddressMemory memory;
  const std::vector<SocketAddress> addresses = test::socketAddresses(
      {"192.0.2.1", "192.0.2.2", "2001:db8::1", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.6"});
  EXPECT_EQ(memory.describe(addresses), "");
  memory.note(addresses[0], "did not answer");
  memory.note(addresses[2], "refused the connection");
  EXPECT_EQ(memory.describe(addresses), "192.0.2.1 did not answer, [2001:db8::1] refused the connection");
  for (const SocketAddress& address : addresses) memory.note(address, "did not answer");
  EXPECT_EQ(
      memory.describe(addresses),
      "192.0.2.1 did not answer, 192.0.2.2 did not answer, [2001:db8::1] did not answer, 192.0.2.3 did not answer, "
      "and 3 more failed");
}

class AddressRace : public testing::Test {
 protected:
  static constexpr milliseconds kPatience{20'000};

  // A server at this address, on the port that all of a test share.
  SocketAddress answering(const std::string& at) {
    listeners_.emplace_back(at, port_, [] { return [](LoopbackConnection& connection) { connection.stall(); }; });
    port_ = listeners_.back().port();
    return socketAddress(at, port_);
  }
  SocketAddress dead(const std::string& at) {
    dead_.emplace_back(at, port_);
    port_ = dead_.back().port();
    return socketAddress(at, port_);
  }
  SocketAddress refusing(const std::string& at) { return socketAddress(at, 1); }

  // The winner's text; nothing if there is none.
  std::optional<std::string> race(const std::vector<SocketAddress>& addresses,
                                  std::optional<std::size_t> preferred = {}, milliseconds limit = kPatience) {
    const auto began = Deadline::Clock::now();
    const auto winner = raceAddresses(addresses, preferred.value_or(addresses.size()), Deadline::after(limit), memory_);
    took_ = std::chrono::duration_cast<milliseconds>(Deadline::Clock::now() - began);
    if (!winner) return std::nullopt;
    ::close(winner->socket);
    return winner->address.text();
  }

  AddressMemory memory_;
  milliseconds took_{};

 private:
  std::uint16_t port_ = 0;
  std::deque<LoopbackListener> listeners_;
  std::deque<DeadAddress> dead_;
};

TEST_F(AddressRace, IsWonByTheFirstThatAnswers) {
  const SocketAddress first = answering("127.0.0.1");
  EXPECT_EQ(race({first, answering("127.0.0.2")}), "127.0.0.1");
  EXPECT_FALSE(memory_.isBad(first));
}

TEST_F(AddressRace, IsNotHeldUpByDeadAddresses) {
  const SocketAddress good = answering("127.0.0.1");
  const std::vector<SocketAddress> addresses = {dead("127.0.0.2"), dead("127.0.0.3"), good};
  EXPECT_EQ(race(addresses), "127.0.0.1");
  EXPECT_GE(took_, 2 * kConnectionAttemptDelay);
  EXPECT_LT(took_, milliseconds(2'000));
  EXPECT_EQ(memory_.describe(addresses), "127.0.0.2 did not answer, 127.0.0.3 did not answer");
}

TEST_F(AddressRace, IsNotHeldUpByADeadAddressOfTheOtherFamily) {
  const SocketAddress good = answering("127.0.0.1");
  EXPECT_EQ(race({dead("::1"), good}), "127.0.0.1");
  EXPECT_LT(took_, milliseconds(2'000));
}

TEST_F(AddressRace, GoesOnAtOnceWhenAnAddressRefuses) {
  std::vector<SocketAddress> addresses;
  for (int i = 2; i < 42; ++i) addresses.push_back(refusing("127.0.0." + std::to_string(i)));
  addresses.push_back(answering("127.0.0.1"));
  EXPECT_EQ(race(addresses), "127.0.0.1");
  EXPECT_LT(took_, 40 * kConnectionAttemptDelay / 4);
}

TEST_F(AddressRace, GoesOnWaitingForASlowAddressWhenTheNextHasFailed) {
  const SocketAddress slow = dead("127.0.0.2");
  EXPECT_EQ(race({slow, refusing("127.0.0.3")}, {}, milliseconds(600)), std::nullopt);
  EXPECT_GE(took_, milliseconds(600));
  EXPECT_EQ(memory_.describe({slow}), "127.0.0.2 did not answer");
}

TEST_F(AddressRace, EndsAtOnceWhenAllRefuse) {
  const std::vector<SocketAddress> addresses = {refusing("127.0.0.2"), refusing("::1")};
  EXPECT_EQ(race(addresses), std::nullopt);
  EXPECT_LT(took_, milliseconds(5'000));
  EXPECT_EQ(memory_.describe(addresses), "127.0.0.2 refused the connection, [::1] refused the connection");
}

TEST_F(AddressRace, EndsWithItsDeadline) {
  const SocketAddress address = dead("127.0.0.2");
  EXPECT_EQ(race({address}, {}, milliseconds(300)), std::nullopt);
  EXPECT_GE(took_, milliseconds(300));
  EXPECT_TRUE(memory_.isBad(address));
}

TEST_F(AddressRace, TriesNothingAfterItsDeadline) {
  const SocketAddress address = answering("127.0.0.1");
  EXPECT_EQ(race({address}, {}, milliseconds(0)), std::nullopt);
  EXPECT_FALSE(memory_.isBad(address));
  EXPECT_EQ(race({}), std::nullopt);
}

TEST_F(AddressRace, LeavesTheLastResortsAloneWhileAnotherMayAnswer) {
  const SocketAddress slow = dead("127.0.0.2");
  EXPECT_EQ(race({slow, answering("127.0.0.1")}, 1, milliseconds(600)), std::nullopt);
}

TEST_F(AddressRace, FallsBackToTheLastResortsWhenNothingElseIsLeft) {
  const SocketAddress resort = answering("127.0.0.1");
  EXPECT_EQ(race({refusing("127.0.0.2"), resort}, 1), "127.0.0.1");
  EXPECT_EQ(race({dead("127.0.0.3"), resort}, 0), "127.0.0.1");
}

}  // namespace
}  // namespace rcb
