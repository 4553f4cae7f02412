#include "core/commands/glibc_release.hpp"

#include <gmock/gmock.h>

#include <utility>
#include <vector>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(GlibcRelease, IsTheMinorNumberOfAVersion) {
  EXPECT_EQ(glibcMinorOf("GLIBC_2.36"), 36);
  EXPECT_EQ(glibcMinorOf("GLIBC_2.2.5"), 2);
  EXPECT_EQ(glibcMinorOf("GLIBC_ABI_DT_RELR"), 36);
}

TEST(GlibcRelease, IsNotWhatOnlyLooksLikeOne) {
  for (const char* version : {"", "GLIBC_", "GLIBC_2", "GLIBC_2.", "GLIBC_2.x", "GLIBC_2.-1", "GLIBC_2.3x", "GLIBC_3.1",
                              "GLIBC_PRIVATE", "GLIBCXX_3.4.30", "glibc_2.36", "GLIBC_2.99999999999"}) {
    EXPECT_EQ(glibcMinorOf(version), std::nullopt) << version;
  }
}

TEST(GlibcRelease, IsTheNewestOfAllLibraries) {
  EXPECT_EQ(newestGlibc({}), 0);
  EXPECT_EQ(newestGlibc({{"libc.so.6", "GLIBC_2.14", {"memcpy"}},
                         {"libm.so.6", "GLIBC_2.29", {"pow"}},
                         {"libc.so.6", "GLIBC_PRIVATE", {}}}),
            29);
}

TEST(GlibcRelease, NamesTheSymbolsThatOldNodesDoNotHave) {
  const std::vector<NeededVersion> versions = {{"libc.so.6", "GLIBC_2.28", {"fcntl64"}},
                                               {"libc.so.6", "GLIBC_2.34", {"pthread_once", "pthread_join"}},
                                               {"libc.so.6", "GLIBC_2.36", {"arc4random"}},
                                               {"libc.so.6", "GLIBC_ABI_DT_RELR", {}}};
  EXPECT_THAT(newSymbols(versions), ElementsAre(Pair("arc4random", 36), Pair("GLIBC_ABI_DT_RELR", 36),
                                                Pair("pthread_once", 34), Pair("pthread_join", 34)));
  EXPECT_THAT(newSymbols({{"libc.so.6", "GLIBC_2.28", {"fcntl64"}}}), IsEmpty());
}

TEST(GlibcRelease, IsInTheseDistributions) {
  EXPECT_EQ(distributionsWith(kOldestGlibc), "Debian 10, Ubuntu 20.04, RHEL 8 and Amazon Linux 2023");
  EXPECT_EQ(distributionsWith(36), "Debian 12, Ubuntu 24.04 and RHEL 10");
  EXPECT_EQ(distributionsWith(41), "Debian 13");
  EXPECT_EQ(distributionsWith(99), "no distribution that this program knows");
}

}  // namespace
}  // namespace rcb
