#include "core/node/process_facts.hpp"

#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace rcb {
namespace {

using namespace std::string_literals;
using test::TempFolder;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr char kFields[] = "S 1 1 1 0 -1 4194560 2 0 0 0 3 1 0 0 20 0 1 0 60000 12345 99 18446744073709551615\n";

TEST(ProcessFacts, SayWhenAProcessStarted) {
  TempFolder root;
  root.write("proc/stat", "cpu  1 2 3\nbtime 1700000000\nprocesses 9\n");
  root.write("proc/7/stat", "7 (kubelet) "s + kFields);
  EXPECT_EQ(startOf(7, root.path()), UnixTime(std::chrono::seconds(1'700'000'000 + 60'000 / ::sysconf(_SC_CLK_TCK))));
}

TEST(ProcessFacts, AreNotMisledByAProcesssName) {
  TempFolder root;
  root.write("proc/stat", "btime 1700000000\n");
  root.write("proc/7/stat", "7 (a) S 9 9 (b) "s + kFields);
  EXPECT_EQ(startOf(7, root.path()), UnixTime(std::chrono::seconds(1'700'000'000 + 60'000 / ::sysconf(_SC_CLK_TCK))));
}

TEST(ProcessFacts, SayNothingWhereProcfsDoesNot) {
  TempFolder root;
  EXPECT_FALSE(startOf(7, root.path()));
  EXPECT_FALSE(environmentOf(7, root.path()));
  root.write("proc/7/stat", "7 (kubelet) "s + kFields);
  EXPECT_FALSE(startOf(7, root.path()));
  for (const char* text :
       {"btime\n", "btime -1\n", "btime x\n", "btime 99999999999999999999\n", "btime 999999999999999\n", ""}) {
    root.write("proc/stat", text);
    EXPECT_FALSE(startOf(7, root.path())) << text;
  }
  root.write("proc/stat", "btime 1700000000\n");
  for (const char* text :
       {"", "7 (kubelet)", "7 (kubelet) S 1 2 3", "7 (kubelet) S 1 1 1 0 -1 4 2 0 0 0 3 1 0 0 20 0 1 0 x 1"}) {
    root.write("proc/7/stat", text);
    EXPECT_FALSE(startOf(7, root.path())) << text;
  }
}

TEST(ProcessFacts, HaveTheEnvironmentAsGetenvReadsIt) {
  TempFolder root;
  root.write("proc/7/environ", "PATH=/bin\0HTTPS_PROXY=http://proxy:3128\0EMPTY=\0PATH=/other\0noequals\0A=b=c\0"s);
  const auto environment = environmentOf(7, root.path());
  ASSERT_TRUE(environment);
  EXPECT_THAT(*environment, UnorderedElementsAre(Pair("PATH", "/bin"), Pair("HTTPS_PROXY", "http://proxy:3128"),
                                                 Pair("EMPTY", ""), Pair("A", "b=c")));
}

TEST(ProcessFacts, AgreeWithThisProcess) {
  const auto start = startOf(::getpid(), "");
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  ASSERT_TRUE(start);
  EXPECT_LE(*start, now + std::chrono::seconds(2));
  EXPECT_TRUE(environmentOf(::getpid(), "")->contains("PATH"));
}

}  // namespace
}  // namespace rcb
