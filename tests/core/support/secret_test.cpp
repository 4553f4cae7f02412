#include "core/support/secret.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <random>
#include <string>
#include <type_traits>
#include <utility>

namespace rcb {
namespace {

template <class T>
concept Printable = requires(std::ostream& stream, const T& value) {
  stream << value;
};

static_assert(!Printable<Secret>, "no stream takes a secret");
static_assert(!fmt::is_formattable<Secret>::value, "no format takes a secret");
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>,
              "a copy is made on purpose only, of what reveal() shows");
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);
static_assert(!std::is_convertible_v<std::string_view, Secret> && !std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::equality_comparable<Secret>, "comparing by == would leak by its time");

TEST(Secret, HoldsBytes) {
  const std::string_view bytes("a\0b", 3);
  const Secret secret(bytes);
  EXPECT_EQ(secret.reveal(), bytes);
  EXPECT_EQ(secret.size(), 3U);
  EXPECT_FALSE(secret.empty());
  EXPECT_TRUE(Secret().empty());
  EXPECT_EQ(Secret().reveal(), "");
}

TEST(Secret, MovingLeavesNothingBehind) {
  Secret first("password");
  const char* place = first.reveal().data();
  Secret second(std::move(first));
  EXPECT_EQ(second.reveal().data(), place);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is the promise
  Secret third("other");
  third = std::move(second);
  EXPECT_EQ(third.reveal(), "password");
  EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
}

TEST(Secret, MovingOntoItselfKeepsIt) {
  Secret secret("password");
  Secret& same = secret;
  secret = std::move(same);
  EXPECT_EQ(secret.reveal(), "password");
}

TEST(Secret, GrowsByAppending) {
  Secret secret;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    secret.append("ab");
    secret.push_back('c');
    expected += "abc";
  }
  secret.append("");
  EXPECT_EQ(secret.reveal(), expected);
}

TEST(Secret, TakesWhatAReaderFillsIn) {
  Secret secret("a");
  char* room = secret.prepare(3);
  room[0] = 'b';
  room[1] = 'c';
  secret.commit(2);
  EXPECT_EQ(secret.reveal(), "abc");
}

TEST(Secret, ReservingKeepsBytesAndPlace) {
  Secret secret("abc");
  secret.reserve(100);
  const char* place = secret.reveal().data();
  secret.append(std::string(90, 'x'));
  EXPECT_EQ(secret.reveal().data(), place);
  EXPECT_EQ(secret.reveal().substr(0, 3), "abc");
  secret.reserve(1);
  EXPECT_EQ(secret.size(), 93U);
}

TEST(Secret, ClearingEmpties) {
  Secret secret("abc");
  secret.clear();
  EXPECT_TRUE(secret.empty());
  secret.append("d");
  EXPECT_EQ(secret.reveal(), "d");
}

TEST(SharesRun, FindsARunOfThatLength) {
  EXPECT_TRUE(sharesRun("say secret-part now", "my-secret-part-is", 11));
  EXPECT_FALSE(sharesRun("say secret-part now", "my-secret-part-is", 12));
  EXPECT_FALSE(sharesRun("SECRET-PART", "my-secret-part-is", 5));
}

TEST(SharesRun, FindsAShortSecretWhole) {
  EXPECT_TRUE(sharesRun("pin 1234 is wrong", "1234", 16));
  EXPECT_FALSE(sharesRun("pin 123 is wrong", "1234", 16));
}

TEST(SharesRun, FindsWhatComparingEveryPairOfPlacesFinds) {
  std::mt19937 random(7);
  const auto text = [&random](std::size_t longest) {
    std::string made(random() % longest, ' ');
    for (char& c : made) c = static_cast<char>('a' + random() % 2);
    return made;
  };
  for (int round = 0; round < 20'000; ++round) {
    const std::string shown = text(24);
    const std::string secret = text(40);
    const std::size_t run = 1 + random() % 9;
    const std::size_t length = std::min(run, secret.size());
    bool shared = false;
    for (std::size_t at = 0; length > 0 && at + length <= secret.size(); ++at) {
      shared = shared || shown.find(secret.substr(at, length)) != std::string::npos;
    }
    EXPECT_EQ(sharesRun(shown, secret, run), shared) << shown << " " << secret << " " << run;
  }
}

TEST(SharesRun, FindsNothingInNothing) {
  EXPECT_FALSE(sharesRun("", "secret", 3));
  EXPECT_FALSE(sharesRun("text", "", 3));
  EXPECT_FALSE(sharesRun("", "", 3));
}

}  // namespace
}  // namespace rcb
