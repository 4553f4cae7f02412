#include "core/node/node_changes.hpp"

#include "core/node/node_files.hpp"
#include "core/support/error.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace rcb {
namespace {

using test::TempFolder;

class Node : public testing::Test {
 protected:
  Node() : store_(folder_.path() + "/state") { putFolder(folder_.path() + "/state", 0700); }

  std::string at(const std::string& name) const { return folder_.path() + "/" + name; }
  std::string content(const std::string& name) const { return readNodeFile(at(name)).value_or("(none)"); }

  NodeChange change(const std::string& name, FileRole role, const NodeEntry& wanted) const {
    const NodeEntry present = readEntry(at(name));
    return {at(name), role, present, wanted, present};
  }
  NodeChange file(const std::string& name, FileRole role, const std::string& content) const {
    return change(name, role, newFile(content, 0644));
  }
  std::vector<NodeChange> wholeInstallation(const std::string& version) const {
    return {file("flags", FileRole::kFlags, "flags " + version),
            file("providers", FileRole::kProviderFile, "providers " + version),
            change("name", FileRole::kName, newLink("program")),
            file("program", FileRole::kProgram, "program " + version)};
  }
  void write(const std::vector<NodeChange>& changes, const std::string& reader = "7 70") {
    writeChanges(state_, store_, changes, {}, reader);
  }
  void settle() {
    state_.unread.clear();
    settleChanges(state_, store_);
  }

  TempFolder folder_;
  StateStore store_;
  InstallState state_;
};

TEST_F(Node, RemembersOriginalsAndWhoHasNotReadTheFiles) {
  folder_.write("flags", "original");
  write(wholeInstallation("1"));
  EXPECT_EQ(content("flags"), "flags 1");
  EXPECT_EQ(content("name"), "program 1");
  const InstallState state = store_.read();
  EXPECT_EQ(state.unread, "7 70");
  EXPECT_EQ(store_.load(state.find(at("flags"))->original).content, "original");
  EXPECT_FALSE(state.find(at("program"))->original.entry.exists());
}

TEST_F(Node, NeedsNoRestartForWhatTheKubeletDoesNotReadAtItsStart) {
  write({file("program", FileRole::kProgram, "program"), file("broker", FileRole::kBrokerFile, "rules")});
  EXPECT_EQ(state_.unread, "");
  EXPECT_FALSE(needRestart({change("providers", FileRole::kProviderFile, {})}));
  EXPECT_TRUE(needRestart({file("providers", FileRole::kProviderFile, "x")}));
  EXPECT_TRUE(needRestart({file("flags", FileRole::kFlags, "x")}));
}

TEST_F(Node, IsAsBeforeAfterAnUndo) {
  folder_.write("flags", "original");
  write(wholeInstallation("1"));
  undoChanges(state_, store_, "8 80");
  EXPECT_EQ(state_.unread, "8 80");
  settle();
  EXPECT_EQ(content("flags"), "original");
  EXPECT_EQ(namesIn(folder_.path()), (std::vector<std::string>{"flags", "state"}));
  EXPECT_TRUE(store_.read().files.empty());
  EXPECT_EQ(namesIn(at("state")), std::vector<std::string>{"state.json"});
}

TEST_F(Node, GoesBackToTheLastProvenContentAndKeepsTheOriginal) {
  folder_.write("flags", "original");
  write(wholeInstallation("1"));
  settle();
  write(wholeInstallation("2"));
  EXPECT_EQ(content("flags"), "flags 2");
  // Another run before the kubelet has proven anything.
  write(wholeInstallation("3"));
  undoChanges(state_, store_, "8 80");
  settle();
  EXPECT_EQ(content("flags"), "flags 1");
  EXPECT_EQ(content("program"), "program 1");
  const InstallState state = store_.read();
  EXPECT_EQ(store_.load(state.find(at("flags"))->original).content, "original");
  EXPECT_EQ(state.find(at("flags"))->written, std::vector<std::string>{hexDigest("flags 1")});
}

TEST_F(Node, TakesTheContentOfOthersForTheOriginal) {
  write(wholeInstallation("1"));
  settle();
  folder_.write("providers", "written by another tool");
  write(wholeInstallation("2"));
  settle();
  EXPECT_EQ(store_.load(store_.read().find(at("providers"))->original).content, "written by another tool");
  EXPECT_FALSE(store_.read().find(at("flags"))->original.entry.exists());
}

TEST_F(Node, GoesBackToTheContentOfOthersThatCameAfterAnInterruption) {
  write({file("providers", FileRole::kProviderFile, "1")});
  folder_.write("providers", "written by another tool");
  write({file("providers", FileRole::kProviderFile, "2")});
  undoChanges(state_, store_, "8 80");
  EXPECT_EQ(content("providers"), "written by another tool");
}

TEST_F(Node, KeepsNoRecordOfAFileThatIsAsItWouldBeWithoutUs) {
  folder_.write("flags", "original");
  write(wholeInstallation("1"));
  settle();
  write({change("flags", FileRole::kFlags, newFile("original", 0644)), change("providers", FileRole::kProviderFile, {}),
         change("name", FileRole::kName, {}), change("program", FileRole::kProgram, {})});
  settle();
  EXPECT_TRUE(store_.read().files.empty());
}

TEST_F(Node, IsAsBeforeIfOneFileCannotBeWritten) {
  folder_.write("flags", "original");
  folder_.write("program", "older", 0755);
  std::vector<NodeChange> changes = wholeInstallation("1");
  // Written before the flags, and cannot be.
  changes.push_back({at("none/providers"), FileRole::kProviderFile, {}, newFile("x", 0644), {}});
  state_.unread = "5 50";
  EXPECT_THROW(write(changes), Error);
  EXPECT_EQ(content("flags"), "original");
  EXPECT_EQ(content("program"), "older");
  EXPECT_FALSE(std::filesystem::exists(at("name")));
  EXPECT_TRUE(store_.read().files.empty());
  EXPECT_EQ(store_.read().unread, "5 50");
}

}  // namespace
}  // namespace rcb
