#include "core/node/install_state.hpp"

#include "core/node/node_files.hpp"
#include "core/support/error.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace rcb {
namespace {

using test::TempFolder;

const std::string kDigest(64, 'a');

InstallState everything() {
  InstallState state;
  SavedEntry file;
  file.entry = newFile("", 0640);
  file.digest = kDigest;
  state.files.push_back({"/etc/default/kubelet", FileRole::kFlags, file, file, {kDigest, "absent"}});
  state.files.push_back({"/opt/name", FileRole::kName, {}, std::nullopt, {"link:program"}});
  state.files.push_back({"/opt/link", FileRole::kProgram, {newLink("elsewhere"), {}}, std::nullopt, {}});
  state.folders = {"/opt"};
  state.flags = {"KUBELET_EXTRA_ARGS", "/etc/providers.yaml", "/opt"};
  state.unread = "12 3456";
  state.undoing = true;
  state.refused = {{kDigest, "its health check \"answers\" 500"}};
  return state;
}

void expectInvalid(const std::string& text) {
  try {
    readState(text);
    ADD_FAILURE() << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kFileUnreadable);
    EXPECT_NE(error.line().find("state"), std::string::npos) << error.line();
  }
}

TEST(InstallState, IsReadAsItWasWritten) {
  const std::string text = writeState(everything());
  EXPECT_EQ(writeState(readState(text)), text);
  const InstallState state = readState(text);
  ASSERT_EQ(state.files.size(), 3U);
  EXPECT_EQ(state.files[0].original.digest, kDigest);
  EXPECT_EQ(state.files[0].before, state.files[0].original);
  EXPECT_EQ(state.files[1].role, FileRole::kName);
  EXPECT_FALSE(state.files[1].original.entry.exists());
  EXPECT_EQ(state.files[2].original.entry, newLink("elsewhere"));
  EXPECT_EQ(state.refused[0].reason, everything().refused[0].reason);
  EXPECT_EQ(state.find("/opt/name"), &state.files[1]);
  EXPECT_EQ(state.find("/opt"), nullptr);
}

TEST(InstallState, IsRefusedIfAnythingInItIsNotAsItWasWritten) {
  const std::string text = writeState(everything());
  for (const std::size_t length : {std::size_t{0}, text.size() / 3, text.size() / 2, text.size() - 3}) {
    expectInvalid(text.substr(0, length));
  }
  const auto changed = [&text](std::string_view from, std::string_view to) {
    std::string other = text;
    const auto place = other.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    return other.replace(place, from.size(), to);
  };
  expectInvalid(changed("\"format\": 1", "\"format\": 2"));
  expectInvalid(changed("\"/opt/name\"", "\"opt/name\""));
  expectInvalid(changed("\"/opt\"", "7"));
  expectInvalid(changed("\"flags\",", "\"token\","));
  expectInvalid(changed(kDigest, "../../etc/shadow"));
  expectInvalid(changed("\"mode\": 416", "\"mode\": -1"));
  expectInvalid(changed("\"mode\": 416", "\"mode\": 99999"));
  expectInvalid(changed("\"owner\"", "\"user\""));
  expectInvalid(changed("\"undoing\": true", "\"undoing\": 1"));
  expectInvalid(changed("\"unread\"", "\"read\""));
  expectInvalid("[]");
}

TEST(StateStore, HasAnEmptyStateBeforeTheFirstWrite) {
  TempFolder folder;
  EXPECT_TRUE(StateStore(folder.path() + "/none").read().files.empty());
}

TEST(StateStore, KeepsContentUnderItsDigestAndGivesItBack) {
  TempFolder folder;
  const StateStore store(folder.path());
  NodeEntry entry = newFile(std::string("bytes\0more", 10), 0640);
  const SavedEntry saved = store.save(entry);
  EXPECT_EQ(saved.digest, hexDigest(entry.content));
  EXPECT_EQ(store.load(saved), entry);
  EXPECT_EQ(store.load(store.save(newLink("x"))), newLink("x"));
  EXPECT_EQ(store.load(store.save({})), NodeEntry());
  EXPECT_EQ(namesIn(folder.path()), std::vector<std::string>{saved.digest});
}

TEST(StateStore, RefusesSavedContentThatWasChanged) {
  TempFolder folder;
  const StateStore store(folder.path());
  const SavedEntry saved = store.save(newFile("original", 0644));
  folder.write(saved.digest, "another", 0600);
  EXPECT_THROW(store.load(saved), Error);
  std::filesystem::remove(folder.path() + "/" + saved.digest);
  EXPECT_THROW(store.load(saved), Error);
}

TEST(StateStore, RefusesAStateThatOthersCouldHaveWritten) {
  TempFolder folder;
  const StateStore store(folder.path());
  store.write(everything());
  EXPECT_EQ(writeState(store.read()), writeState(everything()));
  std::filesystem::permissions(folder.path() + "/state.json", std::filesystem::perms(0666));
  EXPECT_THROW(store.read(), Error);
}

TEST(StateStore, ForgetsContentThatTheStateDoesNotNeed) {
  TempFolder folder;
  const StateStore store(folder.path());
  InstallState state;
  const SavedEntry kept = store.save(newFile("kept", 0644));
  store.save(newFile("not needed", 0644));
  state.files.push_back({"/a", FileRole::kFlags, {}, kept, {}});
  folder.write("notes", "of an operator");
  store.prune(state);
  EXPECT_EQ(namesIn(folder.path()), (std::vector<std::string>{kept.digest, "notes"}));
}

TEST(StateStore, IsRemovedWithItsFolder) {
  TempFolder folder;
  const std::string path = folder.path() + "/state";
  { const StateLock lock(path, true, Deadline::after(std::chrono::seconds(1))); }
  const StateStore store(path);
  store.save(newFile("kept", 0644));
  store.write(everything());
  store.remove();
  EXPECT_FALSE(std::filesystem::exists(path));
  store.remove();
}

TEST(StateLock, IsHeldByOneAtATime) {
  TempFolder folder;
  const std::string path = folder.path() + "/state";
  const auto now = Deadline::after(std::chrono::milliseconds(0));
  EXPECT_FALSE(StateLock(path, false, now).held());
  const StateLock first(path, true, now);
  EXPECT_TRUE(first.held());
  EXPECT_THROW(StateLock(path, true, now), Error);
}

}  // namespace
}  // namespace rcb
