#include "core/support/date_time.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

namespace rcb {
namespace {

// Unix time in seconds, or -1 if it is refused.
std::int64_t seconds(std::string_view text) {
  const auto time = parseRfc3339(text);
  return time ? time->time_since_epoch().count() : -1;
}

UnixTime at(std::int64_t seconds) { return UnixTime(std::chrono::seconds(seconds)); }

TEST(DateTime, IsThatOfTheStandardsExamples) {
  // RFC 3339 section 5.8.
  EXPECT_EQ(seconds("1985-04-12T23:20:50.52Z"), 482196050);
  EXPECT_EQ(seconds("1996-12-19T16:39:57-08:00"), 851042397);
  EXPECT_EQ(parseRfc3339("1937-01-01T12:00:27.87+00:20"), at(-1041337173));
}

TEST(DateTime, TakesAnyOffsetAndEitherCase) {
  for (const char* text : {"2027-01-15T08:00:00Z", "2027-01-15t08:00:00z", "2027-01-15T10:00:00+02:00",
                           "2027-01-15T02:30:00-05:30", "2027-01-16T07:59:00+23:59", "2027-01-15T08:00:00-00:00"}) {
    EXPECT_EQ(seconds(text), 1'800'000'000) << text;
  }
}

TEST(DateTime, CutsTheFractionOff) {
  for (const char* text : {"2027-01-15T08:00:00.0Z", "2027-01-15T08:00:00.999999999Z", "2027-01-15T10:00:00.5+02:00",
                           "2027-01-15T08:00:00.1234567890123456789012345678901234567890Z"}) {
    EXPECT_EQ(seconds(text), 1'800'000'000) << text;
  }
}

TEST(DateTime, CountsALeapSecondAsTheSecondBeforeIt) {
  EXPECT_EQ(seconds("1990-12-31T23:59:60Z"), seconds("1990-12-31T23:59:59Z"));
  EXPECT_EQ(seconds("1990-12-31T15:59:60-08:00"), seconds("1990-12-31T23:59:59Z"));
  EXPECT_EQ(seconds("2015-06-30T23:59:60.5Z"), seconds("2015-06-30T23:59:59Z"));
  for (const char* text : {"1990-12-30T23:59:60Z", "1990-12-31T23:58:60Z", "1990-12-31T23:59:60-08:00",
                           "1990-12-31T23:59:61Z", "1990-12-31T23:59:60+00:01"}) {
    EXPECT_EQ(seconds(text), -1) << text;
  }
}

TEST(DateTime, ExistsInTheCalendar) {
  EXPECT_NE(seconds("2028-02-29T00:00:00Z"), -1);
  for (const char* text : {"2027-02-29T00:00:00Z", "2027-13-01T00:00:00Z", "2027-00-01T00:00:00Z",
                           "2027-01-32T00:00:00Z", "2027-01-00T00:00:00Z", "2027-01-15T24:00:00Z",
                           "2027-01-15T23:60:00Z", "2027-01-15T08:00:00+24:00", "2027-01-15T08:00:00-00:60"}) {
    EXPECT_EQ(seconds(text), -1) << text;
  }
}

TEST(DateTime, HasNoOtherNotation) {
  for (const char* text :
       {"", "Z", "2027-01-15", "2027-01-15T08:00:00", "2027-01-15 08:00:00Z", "2027-1-15T08:00:00Z",
        "2027-01-15T08:00Z", "2027-01-15T08:00:00.Z", "2027-01-15T08:00:00,5Z", "2027-01-15T08:00:00+2",
        "2027-01-15T08:00:00+0200", "2027-01-15T08:00:00ZZ", " 2027-01-15T08:00:00Z", "2027-01-15T08:00:00Z ",
        "20270115T080000Z", "1800000000", "02027-01-15T08:00:00Z", "-2027-01-15T08:00:00Z", "2027-01-15T08:00:00.5"}) {
    EXPECT_EQ(seconds(text), -1) << text;
  }
}

TEST(DateTime, IsWrittenInUtc) {
  EXPECT_EQ(formatRfc3339(at(1'800'000'000)), "2027-01-15T08:00:00Z");
  EXPECT_EQ(formatBasicTime(at(1'800'000'000)), "20270115T080000Z");
  EXPECT_EQ(formatRfc3339(at(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(formatRfc3339(kLatestTime), "9999-12-31T23:59:59Z");
  EXPECT_EQ(formatBasicTime(kLatestTime), "99991231T235959Z");
}

}  // namespace
}  // namespace rcb
