#include "core/node/running_kubelet.hpp"

#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace rcb {
namespace {

using test::TempFolder;

// A /proc of these processes.
class Machine {
 public:
  void runs(int pid, const std::string& commandLine, const std::string& program = {},
            const std::string& space = "pid:[1]") {
    const std::string process = "proc/" + std::to_string(pid);
    std::string words = commandLine;
    if (commandLine.find('\0') == std::string::npos) words += '\0';
    root_.write(process + "/cmdline", words);
    std::filesystem::create_directory(root_.path() + "/" + process + "/ns");
    std::filesystem::create_symlink(space, root_.path() + "/" + process + "/ns/pid");
    if (!program.empty()) std::filesystem::create_symlink(program, root_.path() + "/" + process + "/exe");
  }
  void has(int pid, const std::string& file, const std::string& content) {
    root_.write("proc/" + std::to_string(pid) + "/" + file, content);
  }
  void hasParent(int pid, int parent) {
    has(pid, "status", "Name:\tkubelet\nPPid:\t" + std::to_string(parent) + "\nUid:\t0\t0\t0\t0\n");
  }
  std::vector<RunningKubelet> kubelets() const { return findKubelets(root_.path()); }

 private:
  TempFolder root_;
};

std::string words(std::initializer_list<std::string> some) {
  std::string line;
  for (const std::string& word : some) line += word + '\0';
  return line;
}

TEST(RunningKubelet, IsFoundWithItsProgramAndFlags) {
  Machine machine;
  machine.runs(1, words({"/sbin/init"}), "/lib/systemd/systemd");
  machine.runs(99, words({"/usr/bin/kubelet", "--kubeconfig", "/etc/kubernetes/kubelet.conf", "--v=2", "-v=4"}),
               "/usr/bin/kubelet (deleted)");
  machine.runs(100, words({"kubelet-wrapper", "kubelet"}));
  const auto kubelets = machine.kubelets();
  ASSERT_EQ(kubelets.size(), 1U);
  EXPECT_EQ(kubelets[0].pid, 99);
  EXPECT_EQ(kubelets[0].host, KubeletHost::kKubelet);
  EXPECT_EQ(kubelets[0].program, "/usr/bin/kubelet");
  EXPECT_EQ(kubelets[0].flag("kubeconfig"), "/etc/kubernetes/kubelet.conf");
  EXPECT_EQ(kubelets[0].flag("v"), "4");
  EXPECT_EQ(kubelets[0].flag("kube"), "");
}

TEST(RunningKubelet, OfAnotherUserIsNone) {
  Machine machine;
  machine.runs(1, words({"/sbin/init"}));
  for (const int pid : {7, 8, 9, 10}) machine.runs(pid, words({"/opt/mallory/kubelet"}));
  machine.has(7, "status", "Name:\tkubelet\nUid:\t4242\t4242\t4242\t4242\nGid:\t0\t0\t0\t0\n");
  machine.has(8, "status", "Name:\tkubelet\nUid:\t4242\t0\t0\t0\n");  // a program with the set-user-ID bit
  machine.has(9, "status", "Name:\tkubelet\n");
  machine.has(10, "status", "Name:\tkubelet\nUid:\t0\t0\t0\t0\n");
  const auto kubelets = machine.kubelets();
  ASSERT_EQ(kubelets.size(), 1U);
  EXPECT_EQ(kubelets[0].pid, 10);
}

TEST(RunningKubelet, IsFoundInsideTheProgramsOfOtherDistributions) {
  Machine machine;
  machine.runs(1, words({"/sbin/init"}));
  machine.runs(7, "/usr/local/bin/k3s server");
  machine.runs(8, words({"/snap/microk8s/7000/kubelite", "--kubelet-args-file=/var/snap/microk8s/7000/args/kubelet"}));
  machine.runs(9, words({"/usr/bin/microshift", "run"}));
  machine.runs(10, words({"/usr/local/bin/k3s", "kubectl", "get", "pods"}));
  machine.runs(11, words({"microshift", "version"}));
  std::vector<KubeletHost> hosts;
  for (const auto& kubelet : machine.kubelets()) hosts.push_back(kubelet.host);
  EXPECT_EQ(hosts, (std::vector{KubeletHost::kK3s, KubeletHost::kKubelite, KubeletHost::kMicroshift}));
}

TEST(RunningKubelet, OfAnotherNodeInAContainerIsLeftOut) {
  Machine machine;
  machine.runs(1, words({"/sbin/init"}));
  machine.runs(50, words({"/usr/bin/kubelet"}), "/usr/bin/kubelet", "pid:[2]");
  EXPECT_TRUE(machine.kubelets().empty());
}

TEST(RunningKubelet, IsOneProcessWhileItStartsAnotherProgram) {
  Machine machine;
  machine.runs(1, words({"/sbin/init"}));
  machine.runs(20, words({"kubelet", "--v=2"}));
  machine.runs(31, words({"kubelet", "--v=2"}));
  machine.hasParent(20, 1);
  machine.hasParent(31, 20);
  const auto kubelets = machine.kubelets();
  ASSERT_EQ(kubelets.size(), 1U);
  EXPECT_EQ(kubelets[0].pid, 20);
  machine.hasParent(31, 1);
  EXPECT_EQ(machine.kubelets().size(), 2U);
}

TEST(RunningKubelet, IsNotOneThatIsAskedForItsVersion) {
  Machine machine;
  machine.runs(1, words({"/sbin/init"}));
  machine.runs(20, words({"/usr/bin/kubelet", "--v=2"}));
  machine.runs(31, words({"/usr/bin/kubelet", "--version"}));
  const auto kubelets = machine.kubelets();
  ASSERT_EQ(kubelets.size(), 1U);
  EXPECT_EQ(kubelets[0].pid, 20);
}

TEST(RunningKubelet, IsNotFoundWhereThereIsNoProc) { EXPECT_TRUE(findKubelets("/nowhere").empty()); }

}  // namespace
}  // namespace rcb
