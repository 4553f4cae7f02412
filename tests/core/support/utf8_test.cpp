#include "core/support/utf8.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

using namespace std::string_view_literals;

TEST(Utf8, IsToldFromEverythingElse) {
  for (const std::string_view text : {"", "abc", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf",
                                      "\xee\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(isUtf8(text));
  }
  for (const std::string_view text : {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xc3",
                                      "\xc3(",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf",
                                      "\xe2\x82",
                                      "\xe2(\xac",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf0\x80\x80\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf0\x9f\x98",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xfe",
                                      "\xff",
                                      "a\xc3"}) {
    EXPECT_FALSE(isUtf8(text));
  }
}

TEST(EncodingFault, IsNoneOfAStringInUtf8) {
  for (const std::string_view text :
       {""sv, "hunter2"sv, "p\xc3\xa4ss\r\nword\t\x1b\x7f"sv, "\xf0\x9f\x98\x80"sv, "a\xef\xbb\xbf"sv}) {
    EXPECT_EQ(encodingFault(text), std::nullopt) << text;
  }
}

TEST(EncodingFault, SaysWhatTheBytesAre) {
  const std::pair<std::string_view, std::string_view> faults[] = {
      {"\xff\xfeh\0i\0"sv, "is UTF-16, not UTF-8"},
      {"\xfe\xff\0h\0i"sv, "is UTF-16, not UTF-8"},
      {"\xff\xfe"sv, "is UTF-16, not UTF-8"},
      {"h\0i\0"sv, "is UTF-16, not UTF-8"},
      {"\0h\0i"sv, "is UTF-16, not UTF-8"},
      {"h\0i\0\n"sv, "is UTF-16, not UTF-8"},
      {"\0h\0i\0"sv, "is UTF-16, not UTF-8"},
      {"\xff\xfe\0\0h\0\0\0"sv, "is UTF-32, not UTF-8"},
      {"\0\0\xfe\xff\0\0\0h"sv, "is UTF-32, not UTF-8"},
      {"\xef\xbb\xbfhi"sv, "begins with a UTF-8 byte order mark"},
      {"\xef\xbb\xbf"sv, "begins with a UTF-8 byte order mark"},
      {"\0"sv, "contains a NUL byte at byte 1"},
      {"hi\0"sv, "contains a NUL byte at byte 3"},
      {"h\0\0i"sv, "contains a NUL byte at byte 2"},
      {"pass\xe4wort"sv, "is not valid UTF-8 at byte 5"},
      {"\xe4"sv, "is not valid UTF-8 at byte 1"},
      {"p\xc3\xa4\xc3"sv, "is not valid UTF-8 at byte 4"},
      {"\xed\xa0\x80"sv, "is not valid UTF-8 at byte 1"},
  };
  for (const auto& [bytes, what] : faults) EXPECT_EQ(encodingFault(bytes), what) << what;
}

}  // namespace
}  // namespace rcb
