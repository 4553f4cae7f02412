#include "core/support/public_line.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rcb {
namespace {

constexpr std::string_view kSecret = "eyJhbGciOiJSUzI1NiJ9.payload";

std::optional<std::string> shown(std::string_view text, std::string_view secret = kSecret) {
  const std::vector<std::string_view> secrets = {"another secret of the run", secret};
  return publicLine(text, secrets);
}

TEST(PublicLine, IsPrintableAndOfLimitedLength) {
  EXPECT_EQ(shown("a\nb\x1b[31m"), "a?b?[31m");
  EXPECT_EQ(shown(""), "");
  EXPECT_EQ(shown(std::string(200, 'x')), std::string(200, 'x'));
  EXPECT_EQ(shown(std::string(201, 'x')), std::string(197, 'x') + "...");
  EXPECT_EQ(shown(std::string(100'000, 'x'))->size(), kPublicLineLimit);
}

TEST(PublicLine, IsWithheldIfItSharesARunWithASecret) {
  EXPECT_FALSE(shown("rejected " + std::string(kSecret.substr(8, 16))));
  EXPECT_TRUE(shown("rejected " + std::string(kSecret.substr(8, 15))));
  EXPECT_FALSE(shown("hunter2 is wrong", "hunter2"));
  EXPECT_TRUE(shown("hunter is wrong", "hunter2"));
}

TEST(PublicLine, IsWithheldIfTheCutPartsASecret) {
  EXPECT_FALSE(shown(std::string(196, 'x') + "hunter2", "hunter2"));
  EXPECT_FALSE(shown(std::string(199, 'x') + std::string(kSecret)));
  EXPECT_TRUE(shown(std::string(200, 'x') + std::string(kSecret)));
}

TEST(PublicLine, IsWithheldWhicheverFormHasTheSecret) {
  EXPECT_FALSE(shown("it was pass\x01word-pass\x01word", "pass\x01word-pass\x01word"));
  EXPECT_FALSE(shown("it was pass\x01word-pass\x01word", "pass?word-pass?word"));
}

}  // namespace
}  // namespace rcb
