#include "core/node/systemd_unit.hpp"

#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace rcb {
namespace {

using test::TempFolder;
using Files = std::vector<std::string>;

TEST(SystemdUnit, ThatHasNoFileDoesNotExist) {
  TempFolder root;
  EXPECT_FALSE(readSystemdUnit(root.path(), "kubelet.service").exists);
}

TEST(SystemdUnit, IsThatOfTheFolderWithTheHighestPrecedence) {
  TempFolder root;
  root.write("lib/systemd/system/a.service", "[Service]\nExecStart=/bin/a $A\n");
  root.write("etc/systemd/system/a.service", "[Service]\nExecStart=/bin/b $B\n");
  const SystemdUnit unit = readSystemdUnit(root.path(), "a.service");
  EXPECT_TRUE(unit.uses("B"));
  EXPECT_FALSE(unit.uses("A"));
}

TEST(SystemdUnit, TakesDropInsByNameAndTheFirstOfEachName) {
  TempFolder root;
  root.write("lib/systemd/system/a.service", "[Service]\nEnvironmentFile=/0\nExecStart=/bin/a\n");
  root.write("lib/systemd/system/a.service.d/20.conf", "[Service]\nEnvironmentFile=-/hidden\n");
  root.write("lib/systemd/system/a.service.d/10.conf", "[Service]\nEnvironmentFile=-/1\n");
  root.write("etc/systemd/system/a.service.d/20.conf", "[Service]\nEnvironmentFile=/2\n");
  root.write("etc/systemd/system/a.service.d/notes.txt", "[Service]\nEnvironmentFile=/3\n");
  EXPECT_EQ(readSystemdUnit(root.path(), "a.service").environmentFiles, (Files{"/0", "/1", "/2"}));
}

TEST(SystemdUnit, IgnoresADropInThatIsHidden) {
  TempFolder root;
  root.write("lib/systemd/system/a.service", "[Service]\nExecStart=/bin/a\n");
  root.write("lib/systemd/system/a.service.d/10.conf", "[Service]\nEnvironmentFile=/1\n");
  std::filesystem::create_directories(root.path() + "/etc/systemd/system/a.service.d");
  std::filesystem::create_symlink("/dev/null", root.path() + "/etc/systemd/system/a.service.d/10.conf");
  EXPECT_TRUE(readSystemdUnit(root.path(), "a.service").environmentFiles.empty());
}

TEST(SystemdUnit, StartsAListAgainAtAnEmptyValue) {
  TempFolder root;
  root.write("etc/systemd/system/a.service",
             "[Unit]\nEnvironmentFile=/other-section\n[Service]\n# EnvironmentFile=/comment\nEnvironmentFile=/1\n"
             "ExecStart=/bin/a $A\nEnvironmentFile=\nEnvironmentFile = /2\nExecStart=\nExecStart=/bin/a \\\n  ; a "
             "comment\n  ${B}\n");
  const SystemdUnit unit = readSystemdUnit(root.path(), "a.service");
  EXPECT_EQ(unit.environmentFiles, Files{"/2"});
  EXPECT_TRUE(unit.uses("B"));
  EXPECT_FALSE(unit.uses("A"));
}

}  // namespace
}  // namespace rcb
