#include "core/net/retry_after.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

using std::chrono::seconds;

constexpr UnixTime kNow{seconds(784111777)};  // Sun, 06 Nov 1994 08:49:37 GMT

TEST(RetryAfter, ReadsSecondsUpToADay) {
  EXPECT_EQ(parseRetryAfter("0", kNow), seconds(0));
  EXPECT_EQ(parseRetryAfter("120", kNow), seconds(120));
  EXPECT_EQ(parseRetryAfter(" 7\t", kNow), seconds(7));
  EXPECT_EQ(parseRetryAfter("0000000000000000000000000000001", kNow), seconds(1));
  EXPECT_EQ(parseRetryAfter("86401", kNow), seconds(86400));
  EXPECT_EQ(parseRetryAfter("99999999999999999999999999999999", kNow), seconds(86400));
}

TEST(RetryAfter, ReadsDatesInEveryFormThatHttpHasKnown) {
  for (const char* value : {"Sun, 06 Nov 1994 08:50:07 GMT", "Sunday, 06-Nov-94 08:50:07 GMT",
                            "Sun Nov  6 08:50:07 1994", "Sun Nov 06 08:50:07 1994"}) {
    EXPECT_EQ(parseRetryAfter(value, kNow), seconds(30)) << value;
  }
}

TEST(RetryAfter, TakesADateThatHasPassedForNow) {
  EXPECT_EQ(parseRetryAfter("Sun, 06 Nov 1994 08:49:37 GMT", kNow), seconds(0));
  EXPECT_EQ(parseRetryAfter("Thu, 01 Jan 1970 00:00:00 GMT", kNow), seconds(0));
  EXPECT_EQ(parseRetryAfter("Mon, 01 Jan 0001 00:00:00 GMT", kNow), seconds(0));
}

TEST(RetryAfter, CutsADistantDateToADay) {
  EXPECT_EQ(parseRetryAfter("Fri, 31 Dec 9999 23:59:60 GMT", kNow), seconds(86400));
}

TEST(RetryAfter, PlacesTwoDigitYearsWithinFiftyYears) {
  const UnixTime now{std::chrono::sys_days(
      std::chrono::year_month_day(std::chrono::year(2026), std::chrono::month(11), std::chrono::day(23)))};
  EXPECT_EQ(parseRetryAfter("Monday, 23-Nov-26 00:01:00 GMT", now), seconds(60));
  EXPECT_EQ(parseRetryAfter("Friday, 01-Jan-76 00:00:00 GMT", now), seconds(86400));  // 2076
  EXPECT_EQ(parseRetryAfter("Saturday, 01-Jan-77 00:00:00 GMT", now), seconds(0));    // 1977
}

TEST(RetryAfter, KnowsLeapYears) {
  EXPECT_TRUE(parseRetryAfter("Thu, 29 Feb 2024 00:00:00 GMT", kNow));
  EXPECT_FALSE(parseRetryAfter("Wed, 29 Feb 2023 00:00:00 GMT", kNow));
}

TEST(RetryAfter, RefusesEverythingElse) {
  const std::string hostile[] = {"",
                                 " ",
                                 "-1",
                                 "+1",
                                 "1.5",
                                 "1e3",
                                 "0x10",
                                 "1 2",
                                 "soon",
                                 "12s",
                                 "Sun, 06 Nov 1994 08:49:37",
                                 "Sun, 06 Nov 1994 08:49:37 CET",
                                 "Sun, 06 Nov 1994 08:49:37 +0000",
                                 "Sun, 6 Nov 1994 08:49:37 GMT",
                                 "Sun, 32 Nov 1994 08:49:37 GMT",
                                 "Sun, 00 Nov 1994 08:49:37 GMT",
                                 "Sun, 06 nov 1994 08:49:37 GMT",
                                 "Sun, 06 Foo 1994 08:49:37 GMT",
                                 "Sun, 06 Nov 94 08:49:37 GMT",
                                 "Sun, 06 Nov 19944 08:49:37 GMT",
                                 "Sun, 06 Nov -994 08:49:37 GMT",
                                 "Sun, 06 Nov 1994 24:00:00 GMT",
                                 "Sun, 06 Nov 1994 08:60:00 GMT",
                                 "Sun, 06 Nov 1994 08:49:61 GMT",
                                 "Sun, 06 Nov 1994 8:49:37 GMT",
                                 "Sun, 06 Nov 1994 08-49-37 GMT",
                                 "Sun, 06 Nov 1994 08:49:37 GMT, 1",
                                 "Foo, 06 Nov 1994 08:49:37 GMT",
                                 "06 Nov 1994 08:49:37 GMT",
                                 "Sunday, 06-Nov-1994 08:49:37 GMT",
                                 "Sunday, 06/Nov/94 08:49:37 GMT",
                                 "Sun Nov  6 08:49:37 94",
                                 "1994-11-06T08:49:37Z",
                                 std::string(65, '1'),
                                 std::string(100'000, ' '),
                                 std::string("1\0", 2),
                                 "Sun, \xff\xff Nov 1994 08:49:37 GMT"};
  for (const std::string& value : hostile) EXPECT_FALSE(parseRetryAfter(value, kNow)) << value.substr(0, 70);
}

}  // namespace
}  // namespace rcb
