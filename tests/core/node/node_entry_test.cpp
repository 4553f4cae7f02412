#include "core/node/node_entry.hpp"

#include "core/node/node_files.hpp"
#include "core/support/error.hpp"
#include "tests/support/another_user.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace rcb {
namespace {

using test::TempFolder;

mode_t modeOf(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

TEST(NodeEntry, IsAbsentAFileOrALink) {
  TempFolder folder;
  const std::string file = folder.write("file", "bytes", 0640);
  std::filesystem::create_symlink("nowhere", folder.path() + "/link");
  EXPECT_EQ(readEntry(folder.path() + "/none"), NodeEntry());
  EXPECT_EQ(readEntry(file + "/below"), NodeEntry());
  EXPECT_EQ(readEntry(file), newFile("bytes", 0640));
  EXPECT_EQ(readEntry(folder.path() + "/link"), newLink("nowhere"));
}

TEST(NodeEntry, IsNeitherAFolderNorADevice) {
  TempFolder folder;
  EXPECT_THROW(readEntry(folder.path()), Error);
  EXPECT_THROW(readEntry("/dev/null"), Error);
}

TEST(NodeEntry, GetsItsModeWhateverTheUmaskIs) {
  TempFolder folder;
  const std::string path = folder.path() + "/program";
  const mode_t before = ::umask(0777);
  putEntry(path, newFile("#!", 0755));
  putFolder(folder.path() + "/new");
  ::umask(before);
  EXPECT_EQ(modeOf(path), 0755U);
  EXPECT_EQ(modeOf(folder.path() + "/new"), 0755U);
}

TEST(NodeEntry, ReplacesWhatIsThereAndLeavesNoDraft) {
  TempFolder folder;
  const std::string path = folder.path() + "/entry";
  for (const NodeEntry& entry : {newFile("a", 0600), newLink("b"), newFile("", 0644), NodeEntry(), NodeEntry()}) {
    putEntry(path, entry);
    EXPECT_EQ(readEntry(path), entry);
    EXPECT_FALSE(std::filesystem::exists(draftOf(path)));
  }
}

TEST(NodeEntry, IsANewFileSoThatARunningProgramKeepsTheOldOne) {
  TempFolder folder;
  const std::string path = folder.write("program", "old", 0755);
  struct stat before {};
  struct stat after {};
  ASSERT_EQ(::stat(path.c_str(), &before), 0);
  putEntry(path, newFile("new", 0755));
  ASSERT_EQ(::stat(path.c_str(), &after), 0);
  EXPECT_NE(before.st_ino, after.st_ino);
}

TEST(NodeEntry, KeepsTheOwnerThatItIsGiven) {
  if (!test::isRoot()) GTEST_SKIP() << "only root can give a file away";
  TempFolder folder;
  const std::string path = folder.write("file", "old", 0644);
  test::giveAway(path);
  NodeEntry entry = readEntry(path);
  entry.content = "new";
  putEntry(path, entry);
  EXPECT_EQ(readEntry(path), entry);
  EXPECT_EQ(readEntry(path).owner, test::kStranger);
}

TEST(NodeEntry, OverwritesTheDraftOfAnInterruptedRun) {
  TempFolder folder;
  const std::string path = folder.write("file", "old");
  folder.write(".file.rcb-new", "half", 0400);
  EXPECT_EQ(draftOf(path), folder.path() + "/.file.rcb-new");
  putEntry(path, newFile("new", 0644));
  EXPECT_EQ(readNodeFile(path), "new");
  EXPECT_EQ(namesIn(folder.path()), std::vector<std::string>{"file"});
}

TEST(NodeEntry, ThatCannotBeWrittenLeavesTheOldOne) {
  TempFolder folder;
  const std::string file = folder.write("file", "old");
  std::filesystem::create_directory(folder.path() + "/busy");
  for (const std::string& path : {file + "/below", folder.path() + "/none/file", folder.path() + "/busy"}) {
    try {
      putEntry(path, newFile("new", 0644));
      ADD_FAILURE() << path;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kWriteFailed);
      EXPECT_NE(error.message().find(path), std::string::npos) << error.message();
    }
  }
  EXPECT_EQ(readNodeFile(file), "old");
  EXPECT_EQ(namesIn(folder.path()), (std::vector<std::string>{"busy", "file"}));
}

TEST(NodeEntry, KnowsTheFoldersThatAreMissing) {
  TempFolder folder;
  const std::string path = folder.path();
  EXPECT_EQ(missingFolders(path + "/a/b/file"), (std::vector<std::string>{path + "/a", path + "/a/b"}));
  EXPECT_TRUE(missingFolders(path + "/file").empty());
  putFolder(path + "/a");
  putFolder(path + "/a");
  removeEmptyFolder(path + "/a");
  EXPECT_TRUE(namesIn(path).empty());
}

}  // namespace
}  // namespace rcb
