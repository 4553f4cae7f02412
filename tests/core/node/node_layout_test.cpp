#include "core/node/node_layout.hpp"

#include "core/support/error.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace rcb {
namespace {

using test::TempFolder;
using testing::HasSubstr;

constexpr char kUnit[] =
    "[Unit]\nDescription=kubelet: The Kubernetes Node Agent\n[Service]\nExecStart=/usr/bin/kubelet\nRestart=always\n";
constexpr char kKubeadm[] =
    "# Note: This dropin only works with kubeadm and kubelet v1.11+\n[Service]\n"
    "Environment=\"KUBELET_KUBECONFIG_ARGS=--kubeconfig=/etc/kubernetes/kubelet.conf\"\n"
    "EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env\n"
    "EnvironmentFile=-/etc/default/kubelet\n"
    "ExecStart=\n"
    "ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS \\\n  $KUBELET_KUBEADM_ARGS "
    "$KUBELET_EXTRA_ARGS\n";

class Layout : public testing::Test {
 protected:
  // A process with this command line in this unit.
  void runs(const std::string& commandLine, const std::string& unit, const std::string& program = {}) {
    const std::string process = "proc/" + std::to_string(++pid_);
    std::string words;
    for (const char c : commandLine) words += c == ' ' ? '\0' : c;
    node_.write(process + "/cmdline", words + '\0');
    node_.write(process + "/cgroup", unit.empty() ? "0::/\n" : "0::/system.slice/" + unit + "\n");
    if (!program.empty()) std::filesystem::create_symlink(program, node_.path() + "/" + process + "/exe");
  }
  void kubeadm(std::string dropIn = kKubeadm) {
    node_.write("lib/systemd/system/kubelet.service", kUnit);
    node_.write("usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", dropIn);
  }
  NodeLayout find() { return findLayout(request_); }
  std::string refusal() {
    try {
      find();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kNodeUnsupported);
      return error.line();
    }
    ADD_FAILURE() << "a layout was found";
    return {};
  }

  TempFolder node_;
  LayoutRequest request_{.root = node_.path(), .providerPath = {}, .programFolder = {}};
  int pid_ = 100;
};

TEST_F(Layout, OfKubeadmOnDebianHasFlagsInEtcDefault) {
  kubeadm();
  runs("/usr/bin/kubelet --kubeconfig=/etc/kubernetes/kubelet.conf", "kubelet.service");
  const NodeLayout layout = find();
  EXPECT_EQ(layout.distribution, "kubeadm");
  EXPECT_EQ(layout.unit, "kubelet.service");
  EXPECT_EQ(layout.flagFile, "/etc/default/kubelet");
  EXPECT_EQ(layout.flagVariable, "KUBELET_EXTRA_ARGS");
  EXPECT_EQ(layout.providerPath, "/etc/kubernetes/credential-provider-config.yaml");
  EXPECT_EQ(layout.programFolder, "/usr/local/lib/kubelet-plugins");
}

TEST_F(Layout, OfKubeadmOnRedHatHasFlagsInEtcSysconfig) {
  std::string dropIn = kKubeadm;
  dropIn.replace(dropIn.find("default"), 7, "sysconfig");
  kubeadm(dropIn);
  runs("kubelet --v=2", "kubelet.service");
  EXPECT_EQ(find().flagFile, "/etc/sysconfig/kubelet");
}

TEST_F(Layout, HasFlagsInTheLastFileThatSetsTheVariable) {
  kubeadm();
  node_.write("etc/systemd/system/kubelet.service.d/20-company.conf",
              "[Service]\nEnvironmentFile=/etc/company/kubelet.env\nEnvironmentFile=-/etc/company/none.env\n");
  node_.write("etc/company/kubelet.env", "KUBELET_EXTRA_ARGS=--v=3\n");
  runs("kubelet", "kubelet.service");
  EXPECT_EQ(find().flagFile, "/etc/company/kubelet.env");
}

TEST_F(Layout, NeverHasFlagsInKubeadmsOwnFile) {
  kubeadm(
      "[Service]\nExecStart=\nExecStart=/usr/bin/kubelet "
      "$KUBELET_EXTRA_ARGS\nEnvironmentFile=/var/lib/kubelet/kubeadm-flags.env\n");
  runs("kubelet", "kubelet.service");
  EXPECT_THAT(refusal(), HasSubstr("kubelet.service has no file with KUBELET_EXTRA_ARGS"));
}

TEST_F(Layout, WithoutAVariableForFlagsIsRefusedAndSaysWhichFlagsAreMissing) {
  node_.write("etc/systemd/system/kubelet.service",
              "[Service]\nExecStart=/usr/bin/kubelet --v=2 $KUBELET_EXTRA_ARGS_OF_OTHERS\n");
  runs("kubelet --v=2", "kubelet.service");
  EXPECT_THAT(refusal(),
              HasSubstr("--image-credential-provider-config=/etc/kubernetes/credential-provider-config.yaml"));
  request_.filesOnly = true;
  ASSERT_EQ(find().notes.size(), 1U);
  EXPECT_THAT(find().notes[0], HasSubstr("must be started with --image-credential-provider-config="));
}

TEST_F(Layout, WithBothFlagsNeedsNoFileForThem) {
  runs(
      "/usr/bin/kubelet --image-credential-provider-config /etc/eks/image-credential-provider/config.json "
      "--image-credential-provider-bin-dir=/etc/eks/image-credential-provider",
      "kubelet.service");
  const NodeLayout layout = find();
  EXPECT_EQ(layout.distribution, "EKS");
  EXPECT_EQ(layout.flagFile, "");
  EXPECT_EQ(layout.providerPath, "/etc/eks/image-credential-provider/config.json");
  EXPECT_EQ(layout.programFolder, "/etc/eks/image-credential-provider");
  EXPECT_EQ(layout.notes.size(), 1U);
}

TEST_F(Layout, IsNotThatOfPathsWhichTheKubeletDoesNotUse) {
  runs("kubelet --image-credential-provider-config=/a --image-credential-provider-bin-dir=/b", "kubelet.service");
  request_.providerPath = "/c";
  EXPECT_THAT(refusal(), HasSubstr("the kubelet uses /a, so /c would have no effect"));
  request_.filesOnly = true;
  EXPECT_EQ(find().providerPath, "/c");
}

TEST_F(Layout, OfK3sHasItsDefaultPathsAndNeedsNoFlags) {
  runs("/usr/local/bin/k3s agent", "k3s-agent.service");
  const NodeLayout layout = find();
  EXPECT_EQ(layout.distribution, "k3s");
  EXPECT_EQ(layout.unit, "k3s-agent.service");
  EXPECT_EQ(layout.flagFile, "");
  EXPECT_EQ(layout.providerPath, "/var/lib/rancher/credentialprovider/config.yaml");
  EXPECT_EQ(layout.programFolder, "/var/lib/rancher/credentialprovider/bin");
}

TEST_F(Layout, OfK3sHasThePathsOfItsOwnFiles) {
  runs("/usr/local/bin/k3s server", "k3s.service");
  node_.write("etc/rancher/k3s/config.yaml", "image-credential-provider-config: /a/config.yaml\nkubelet-arg:\n- v=2\n");
  node_.write("etc/rancher/k3s/config.yaml.d/50.yaml", "kubelet-arg+: [\"image-credential-provider-bin-dir=/b\"]\n");
  EXPECT_EQ(find().providerPath, "/a/config.yaml");
  EXPECT_EQ(find().programFolder, "/b");
  node_.write("etc/rancher/k3s/config.yaml", "a: [\n");
  EXPECT_THAT(refusal(), HasSubstr("cannot be read as YAML"));
}

TEST_F(Layout, OfRke2IsThatOfAKubeletWithADefaultOfItsOwn) {
  runs("kubelet --v=2", "rke2-agent.service", "/var/lib/rancher/rke2/data/v1.34/bin/kubelet");
  EXPECT_EQ(find().providerPath, "/var/lib/rancher/credentialprovider/config.yaml");
  EXPECT_EQ(find().flagFile, "");
  EXPECT_TRUE(looksForFiles(*find().kubelet, find().unit));
}

TEST_F(Layout, OfMicrok8sHasFlagsInAFileOfArguments) {
  runs("/snap/microk8s/7/kubelite --kubelet-args-file=/var/snap/microk8s/7/args/kubelet",
       "snap.microk8s.daemon-kubelite.service");
  node_.write("var/snap/microk8s/7/args/kubelet", "--v=2\n");
  NodeLayout layout = find();
  EXPECT_EQ(layout.flagFile, "/var/snap/microk8s/7/args/kubelet");
  EXPECT_EQ(layout.flagVariable, "");
  EXPECT_EQ(layout.providerPath, "/var/snap/microk8s/common/credential-provider-config.yaml");
  node_.write("var/snap/microk8s/7/args/kubelet",
              "--image-credential-provider-config='/a'\n--image-credential-provider-bin-dir /b\n");
  layout = find();
  EXPECT_EQ(layout.flagFile, "");
  EXPECT_EQ(layout.providerPath, "/a");
  EXPECT_EQ(layout.programFolder, "/b");
}

TEST_F(Layout, OfMicroshiftIsForItsOwnFile) {
  runs("/usr/bin/microshift run", "microshift.service");
  EXPECT_THAT(refusal(), HasSubstr("kubelet.imageCredentialProviderConfigPath"));
  request_.filesOnly = true;
  request_.providerPath = "/etc/providers.yaml";
  request_.programFolder = "/opt/plugins";
  EXPECT_EQ(find().providerPath, "/etc/providers.yaml");
}

TEST_F(Layout, OfSystemsThatTakeNoProgramIsRefusedWithWhatToDoInstead) {
  runs("kubelet", "kubelet.service");
  node_.write("etc/os-release", "NAME=\"Talos\"\nID=talos\n");
  EXPECT_THAT(refusal(), HasSubstr("system extension"));
  node_.write("etc/os-release", "ID=\"bottlerocket\"\n");
  EXPECT_THAT(refusal(), HasSubstr("another node image"));
}

TEST_F(Layout, IsThatOfExactlyOneKubelet) {
  EXPECT_THAT(refusal(), HasSubstr("no kubelet runs on this machine"));
  runs("kubelet", "kubelet.service");
  runs("kubelet", "kubelet.service");
  EXPECT_THAT(refusal(), HasSubstr("2 kubelets run on this machine"));
}

TEST_F(Layout, OfAnImageIsFoundInItsFiles) {
  request_.filesOnly = true;
  EXPECT_THAT(refusal(), HasSubstr("pass --kubelet-config and --bin-dir"));
  kubeadm();
  EXPECT_EQ(find().flagFile, "/etc/default/kubelet");
  EXPECT_FALSE(find().kubelet);
}

}  // namespace
}  // namespace rcb
