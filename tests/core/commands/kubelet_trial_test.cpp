#include "core/commands/kubelet_trial.hpp"

#include "core/node/node_changes.hpp"
#include "core/node/node_files.hpp"
#include "core/support/error.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace rcb {
namespace {

using test::TempFolder;
using testing::HasSubstr;

// A node with one file that its kubelet reads when it is restarted.
class KubeletTrial : public testing::Test {
 protected:
  KubeletTrial() : store_(folder_.path() + "/state") {
    putFolder(store_.folder(), 0700);
    folder_.write("providers", "good");
    control_.restart = [this](const std::string& unit) {
      EXPECT_EQ(unit, "kubelet.service");
      ++restarts_;
      if (restartFails_) throw Error(ErrorCode::kKubeletUnhealthy, "`systemctl restart` failed");
      ++pid_;
      read_ = readNodeFile(file()).value_or("(none)");
    };
    control_.probe.kubelets = [this] {
      return std::vector<RunningKubelet>(read_ == "crashes" ? 0 : 1, {pid_, KubeletHost::kKubelet, "kubelet", {}});
    };
    control_.probe.fingerprint = [](const RunningKubelet& kubelet) { return std::to_string(kubelet.pid); };
    control_.probe.problem = [this](const RunningKubelet&) -> std::string {
      return read_ == "hangs" || alwaysSick_ ? "it hangs" : "";
    };
    control_.probe.pause = [] {};
    control_.steady = std::chrono::milliseconds(0);
    control_.limit = control_.patience = std::chrono::milliseconds(20);
  }

  std::string file() const { return folder_.path() + "/providers"; }
  void write(const std::string& content) {
    const NodeEntry present = readEntry(file());
    writeChanges(state_, store_, {{file(), FileRole::kProviderFile, present, newFile(content, 0644), present}}, {},
                 currentReader(control_));
  }
  bool prove() { return proveChanges(state_, store_, control_, {.unit = "kubelet.service", .digest = "digest"}); }
  Error refusal() {
    try {
      prove();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kKubeletUnhealthy);
      return error;
    }
    ADD_FAILURE() << "the kubelet came up";
    return Error(ErrorCode::kInternal, "");
  }

  TempFolder folder_;
  StateStore store_;
  InstallState state_;
  NodeControl control_;
  pid_t pid_ = 1;
  std::string read_ = "good";
  int restarts_ = 0;
  bool restartFails_ = false;
  bool alwaysSick_ = false;
};

TEST_F(KubeletTrial, RestartsOnceForWhatTheKubeletHasNotRead) {
  write("better");
  EXPECT_TRUE(prove());
  EXPECT_EQ(read_, "better");
  EXPECT_EQ(store_.read().unread, "");
  EXPECT_FALSE(prove());
  EXPECT_EQ(restarts_, 1);
}

TEST_F(KubeletTrial, RestartsNoKubeletThatWasStartedSince) {
  write("better");
  control_.restart("kubelet.service");  // as a boot does
  EXPECT_FALSE(prove());
  EXPECT_EQ(restarts_, 1);
  EXPECT_EQ(store_.read().unread, "");
}

TEST_F(KubeletTrial, GoesBackIfTheKubeletEndsHangsOrCannotBeRestarted) {
  for (const std::string content : {"crashes", "hangs"}) {
    write(content);
    EXPECT_THAT(refusal().line(), HasSubstr("they have their former content again, and the kubelet is healthy"));
    EXPECT_EQ(readNodeFile(file()), "good");
    EXPECT_EQ(read_, "good");
  }
  EXPECT_EQ(restarts_, 4);
  ASSERT_EQ(store_.read().refused.size(), 2U);
  EXPECT_EQ(store_.read().refused[0].digest, "digest");
  EXPECT_THAT(store_.read().refused[0].reason, HasSubstr("no kubelet runs"));
}

TEST_F(KubeletTrial, GoesBackIfSystemdCannotRestartTheKubelet) {
  write("better");
  restartFails_ = true;
  EXPECT_THAT(refusal().line(), HasSubstr("`systemctl restart` failed"));
  EXPECT_EQ(readNodeFile(file()), "good");
}

TEST_F(KubeletTrial, BlamesNoContentForAKubeletThatIsNotHealthyWithoutItEither) {
  write("better");
  alwaysSick_ = true;
  EXPECT_THAT(refusal().line(), HasSubstr("neither with the new files"));
  EXPECT_EQ(readNodeFile(file()), "good");
  EXPECT_TRUE(store_.read().refused.empty());
}

TEST_F(KubeletTrial, CompletesAnUndoThatWasInterrupted) {
  write("hangs");
  control_.restart("kubelet.service");
  state_.undoing = true;
  store_.write(state_);
  completeUndo(state_, store_, control_, {.unit = "kubelet.service"});
  EXPECT_EQ(readNodeFile(file()), "good");
  EXPECT_EQ(read_, "good");
  EXPECT_FALSE(store_.read().undoing);
}

TEST_F(KubeletTrial, DoesNotBeginWithAKubeletThatIsSickOrHasNoUnit) {
  requireHealthyKubelet(control_, "kubelet.service");
  EXPECT_THROW(requireHealthyKubelet(control_, ""), Error);
  alwaysSick_ = true;
  EXPECT_THROW(requireHealthyKubelet(control_, "kubelet.service"), Error);
  EXPECT_EQ(restarts_, 0);
}

}  // namespace
}  // namespace rcb
