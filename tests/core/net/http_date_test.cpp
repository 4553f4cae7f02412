#include "core/net/http_date.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

constexpr UnixTime kNow{std::chrono::seconds(784111777)};  // Sun, 06 Nov 1994 08:49:37 GMT

TEST(HttpDate, IsReadInEveryFormThatHttpHasKnown) {
  for (const char* date : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994", "Sun Nov 06 08:49:37 1994"}) {
    EXPECT_EQ(parseHttpDate(date, kNow), kNow) << date;
  }
}

TEST(HttpDate, IsNoNumberAndHasALimit) {
  for (const std::string& text : {std::string(), std::string("0"), std::string("784111777"), std::string("Sun, "),
                                  "Sun, " + std::string(100'000, ' ') + "06 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(parseHttpDate(text, kNow), std::nullopt) << text.substr(0, 70);
  }
}

TEST(HttpDate, IsWrittenInTheFormOfToday) {
  EXPECT_EQ(formatHttpDate(kNow), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(formatHttpDate(UnixTime()), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(formatHttpDate(kLatestTime), "Fri, 31 Dec 9999 23:59:59 GMT");
  for (int month = 0; month < 12; ++month) {
    const UnixTime then = kNow + month * std::chrono::days(30);
    EXPECT_EQ(parseHttpDate(formatHttpDate(then), kNow), then);
  }
}

}  // namespace
}  // namespace rcb
