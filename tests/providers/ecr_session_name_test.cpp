#include "core/net/digest.hpp"
#include "core/support/hex.hpp"
#include "providers/ecr/session_name.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace rcb::ecr {
namespace {

std::string nameOf(const std::string& namespaceName, const std::string& serviceAccount) {
  return sessionName(namespaceName, serviceAccount,
                     [](std::string_view bytes) { return std::string(encodeHex(sha256(bytes).reveal()).reveal()); });
}

bool isAcceptedBySts(const std::string& name) {
  return name.size() >= 2 && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
           return std::string_view("_+=,.@-").find(c) != std::string_view::npos || (c >= 'a' && c <= 'z') ||
                  (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
         });
}

TEST(EcrSessionName, NamesTheNamespaceAndTheServiceAccount) {
  EXPECT_EQ(nameOf("shop", "api"), "shop.api");
  EXPECT_EQ(nameOf("a", "b"), "a.b");
  EXPECT_EQ(nameOf("shop", "build.api-2"), "shop.build.api-2");
}

TEST(EcrSessionName, IsCutToWhatStsAccepts) {
  const std::string longest(63, 'n');
  const std::string exact = nameOf(longest.substr(0, 31), std::string(32, 's'));
  EXPECT_EQ(exact, longest.substr(0, 31) + "." + std::string(32, 's'));
  EXPECT_EQ(exact.size(), 64u);
  const std::string cut = nameOf(longest, "api");
  EXPECT_EQ(cut.size(), 64u);
  EXPECT_EQ(cut.substr(0, 48), longest.substr(0, 47) + "=");
  EXPECT_TRUE(isAcceptedBySts(nameOf(longest, std::string(253, 's'))));
}

TEST(EcrSessionName, IsDifferentForEachServiceAccount) {
  const std::string longest(63, 'n');
  std::set<std::string> names;
  for (int i = 0; i < 1000; ++i) names.insert(nameOf(longest, std::string(200, 's') + std::to_string(i)));
  EXPECT_EQ(names.size(), 1000u);
  // A name that happens to be what another was cut to does not exist, since it has a '='.
  const std::string cut = nameOf(longest, "api");
  EXPECT_NE(nameOf(cut.substr(0, 20), cut.substr(21)), cut);
}

TEST(EcrSessionName, IsAcceptedWhateverTheClaimsAre) {
  for (const char* odd : {"", "a/b", "A", "a b", "a\nb", "\xc3\xa4", "a=b", "a_b", "a&Action=b", "%20"}) {
    EXPECT_TRUE(isAcceptedBySts(nameOf(odd, ""))) << odd;
    EXPECT_TRUE(isAcceptedBySts(nameOf("", odd))) << odd;
    EXPECT_TRUE(isAcceptedBySts(nameOf(odd, odd))) << odd;
  }
  EXPECT_NE(nameOf("a/b", "c"), nameOf("a_b", "c"));
  EXPECT_NE(nameOf("a/b", "c"), nameOf("a:b", "c"));
}

}  // namespace
}  // namespace rcb::ecr
