#include "core/support/duration.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ReadsGoDurations) {
  EXPECT_EQ(parseDuration("10s"), 10s);
  EXPECT_EQ(parseDuration("1h30m"), 90min);
  EXPECT_EQ(parseDuration("500ms"), 500ms);
  EXPECT_EQ(parseDuration("1h2m3s4ms"), 1h + 2min + 3s + 4ms);
  EXPECT_EQ(parseDuration("90m"), 90min);
  EXPECT_EQ(parseDuration("0s"), 0s);
  EXPECT_EQ(parseDuration("007s"), 7s);
  EXPECT_EQ(parseDuration("10000h"), 10000h);
}

TEST(Duration, RefusesEverythingElse) {
  for (const std::string_view text : {"",     "0",   "10",   "s",     "-10s", "+10s",      "1.5h",  "10 s",  " 10s",
                                      "10s ", "10S", "1d",   "1us",   "1h1h", "1s1m",      "1ms1s", "10s10", "1h-1m",
                                      "h1",   "1hm", "1m s", "0x10s", "1e3s", "\xd9\xa1s", "10sec", "10min"}) {
    EXPECT_FALSE(parseDuration(text)) << text;
  }
}

TEST(Duration, RefusesMoreThanTenThousandHours) {
  for (const std::string_view text : {"10001h", "10000h1ms", "600001m", "36000001s", "9999h60m3600s1ms",
                                      "9223372036854775807h", "9223372036854775807ms", "99999999999999999999s"}) {
    EXPECT_FALSE(parseDuration(text)) << text;
  }
}

TEST(Duration, WritesAsGoDoes) {
  EXPECT_EQ(formatDuration(0s), "0s");
  EXPECT_EQ(formatDuration(59s), "59s");
  EXPECT_EQ(formatDuration(60s), "1m0s");
  EXPECT_EQ(formatDuration(54min), "54m0s");
  EXPECT_EQ(formatDuration(1h), "1h0m0s");
  EXPECT_EQ(formatDuration(25h + 1s), "25h0m1s");
}

TEST(Duration, ReadsWhatItWrites) {
  for (auto duration = 0s; duration < 48h; duration += 37s)
    EXPECT_EQ(parseDuration(formatDuration(duration)), duration);
}

}  // namespace
}  // namespace rcb
