#include "core/net/http_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace rcb {
namespace {

TEST(HttpText, NamesAreEqualWhateverTheirCase) {
  EXPECT_TRUE(isSameName("Retry-After", "retry-AFTER"));
  EXPECT_TRUE(isSameName("", ""));
  EXPECT_FALSE(isSameName("Retry-After", "Retry_After"));
  EXPECT_FALSE(isSameName("Retry-After", "Retry-Afte"));
  EXPECT_FALSE(isSameName("\xc4", "\xe4"));
}

TEST(HttpText, TheFirstHeaderOfANameCounts) {
  const std::vector<std::pair<std::string, std::string>> headers = {
      {"Date", "x"}, {"RETRY-AFTER", "1"}, {"Retry-After", "2"}, {"Empty", ""}};
  EXPECT_EQ(headerValue(headers, "retry-after"), "1");
  EXPECT_EQ(headerValue(headers, "empty"), "");
  EXPECT_EQ(headerValue(headers, "Retry"), "");
}

}  // namespace
}  // namespace rcb
