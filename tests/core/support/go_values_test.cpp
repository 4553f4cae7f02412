#include "core/support/go_values.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace rcb {
namespace {

using std::chrono::nanoseconds;

TEST(GoDuration, IsReadAsGoReadsIt) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"0", 0},
      {"+0", 0},
      {"0s", 0},
      {"30s", 30'000'000'000},
      {"1.5s", 1'500'000'000},
      {"1m0.5s", 60'500'000'000},
      {"500us", 500'000},
      {"1h", 3'600'000'000'000},
      {".5s", 500'000'000},
      {"5.s", 5'000'000'000},
      {"1\xc2\xb5s", 1'000},
      {"1\xce\xbcs", 1'000},
      {"12ns", 12},
      {"0.9ns", 0},
      {"1s1s", 2'000'000'000},  // a unit twice, and in any order
      {"1ms2h", 7'200'001'000'000},
      {"-1.5h", -5'400'000'000'000},
      {"+5s", 5'000'000'000},
      {"0.3333333333333333333h", 1'200'000'000'000},
      {"0.100000000000000000000h", 360'000'000'000},
      {"9223372036854775807ns", 9'223'372'036'854'775'807},
      {"9223372036s854ms775us807ns", 9'223'372'036'854'775'807},
  };
  for (const auto& [text, expected] : cases) {
    const auto parsed = parseGoDuration(text);
    ASSERT_TRUE(parsed) << text;
    // The last of the digits of a third is Go's to round.
    EXPECT_NEAR(static_cast<double>((*parsed - nanoseconds(expected)).count()), 0, 1) << text;
  }
}

TEST(GoDuration, IsRefusedWhereGoRefusesIt) {
  for (const char* text : {"",
                           "+",
                           "-",
                           "3",
                           "30",
                           "s",
                           ".",
                           ".s",
                           "+.s",
                           "-.s",
                           "1",
                           "1.5",
                           "1s2",
                           "1S",
                           "1d",
                           "1 s",
                           " 1s",
                           "1s ",
                           "--1s",
                           "1e3s",
                           "0x10s",
                           "1_0s",
                           "1,5s",
                           "infs",
                           "9223372036854775808ns",
                           "2562048h",
                           "1\xc2s",
                           "1\xb5s",
                           "99999999999999999999999s",
                           "9223372036854775807ns1ns"}) {
    EXPECT_FALSE(parseGoDuration(text)) << text;
  }
}

TEST(GoInteger, IsReadAsGoReadsIt) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"0", 0},        {"20", 20},      {"+20", 20},   {"-3", -3},
      {"0x14", 20},    {"0X14", 20},    {"024", 20},   {"0o24", 20},
      {"0b10100", 20}, {"1_000", 1000}, {"0x_14", 20}, {"9223372036854775807", 9'223'372'036'854'775'807}};
  for (const auto& [text, expected] : cases) EXPECT_EQ(parseGoInteger(text), expected) << text;
}

TEST(GoInteger, IsRefusedWhereGoRefusesIt) {
  for (const char* text : {"", "+", "two", "2.0", "1e3", "--1", "+-1", "0x", "0b2", "09", "_1", "1_", "1__0", " 1",
                           "1 ", "9223372036854775808", "0x-1"}) {
    EXPECT_FALSE(parseGoInteger(text)) << text;
  }
}

TEST(GoDecimal, IsReadAsGoReadsIt) {
  const std::pair<const char*, double> cases[] = {{"2", 2},      {"2.5", 2.5},  {".5", .5}, {"5.", 5},
                                                  {"1e3", 1000}, {"+1E-1", .1}, {"-2", -2}};
  for (const auto& [text, expected] : cases) {
    ASSERT_TRUE(parseGoDecimal(text)) << text;
    EXPECT_DOUBLE_EQ(*parseGoDecimal(text), expected) << text;
  }
}

TEST(GoDecimal, IsRefusedWhereItIsNoFiniteNumber) {
  for (const char* text : {"", ".", "-", "e", "1e", "two", "nan", "inf", "1e999", "1,5", "--1", "-+1", "1 "}) {
    EXPECT_FALSE(parseGoDecimal(text)) << text;
  }
}

TEST(GoBoolean, KnowsTheWordsThatGoKnows) {
  for (const char* text : {"1", "t", "T", "true", "True", "TRUE"}) EXPECT_EQ(parseGoBoolean(text), true) << text;
  for (const char* text : {"0", "f", "F", "false", "False", "FALSE"}) EXPECT_EQ(parseGoBoolean(text), false) << text;
  for (const char* text : {"", "yes", "no", "on", "off", "tRUE", "2", " true"})
    EXPECT_FALSE(parseGoBoolean(text)) << text;
}

}  // namespace
}  // namespace rcb
