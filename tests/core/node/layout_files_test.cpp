// The files of every distribution's node, edited and given back.
#include "core/kubelet/provider_file_edit.hpp"
#include "core/node/argument_file.hpp"
#include "core/node/environment_file.hpp"
#include "core/node/node_files.hpp"
#include "core/node/running_kubelet.hpp"
#include "core/support/error.hpp"
#include "tests/support/node_layouts.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace rcb {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;

const std::vector<KubeletFlag> kFlags = {{"image-credential-provider-config", "/etc/p.yaml"},
                                         {"image-credential-provider-bin-dir", "/opt/bin"}};

std::vector<ProviderEntry> entries() {
  ProviderEntry first;
  first.name = "registry-credential-broker";
  first.matchImages = {"docker.example.com"};
  first.args = {"--config=/etc/registry-credential-broker/config.yaml"};
  ProviderEntry second = first;
  second.name = "registry-credential-broker-second";
  second.tokenAttributes =
      TokenAttributes{"https://registry.example.com", "ServiceAccount", true, {}, {"example.com/team"}};
  return {first, second};
}

class EveryNode : public testing::TestWithParam<std::string> {
 protected:
  EveryNode() { test::layOutNode(GetParam(), node_.path()); }

  // The node's files, by path.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(node_.path())) {
      if (!entry.is_regular_file() || entry.is_symlink()) continue;
      const std::string path = entry.path().string();
      const std::string name = path.substr(node_.path().size());
      if (!name.starts_with("/proc/")) found[name] = readNodeFile(path).value();
    }
    return found;
  }

  test::TempFolder node_;
};

INSTANTIATE_TEST_SUITE_P(Layouts, EveryNode, testing::ValuesIn(test::nodeLayouts()), [](const auto& instance) {
  std::string name = instance.param;
  std::erase(name, '-');
  return name;
});

TEST_P(EveryNode, RunsOneKubelet) {
  const std::vector<RunningKubelet> kubelets = findKubelets(node_.path());
  ASSERT_THAT(kubelets, SizeIs(1));
  EXPECT_EQ(kubelets[0].pid, 1234);
  const std::string file = kubelets[0].flag("image-credential-provider-config");
  if (file.empty()) return;
  EXPECT_THAT(readNodeFile(node_.path() + file), testing::Optional(HasSubstr("CredentialProviderConfig")));
}

TEST_P(EveryNode, HasProviderFilesThatKeepEveryByte) {
  for (const auto& [path, text] : files()) {
    if (text.find("CredentialProviderConfig") == std::string::npos) continue;
    SCOPED_TRACE(path);
    const std::string merged = mergeEntries(text, entries());
    EXPECT_THAT(merged, HasSubstr("registry-credential-broker-second"));
    EXPECT_EQ(mergeEntries(merged, entries()), merged);
    EXPECT_EQ(removeEntries(merged), text);
    // Everything that was there is there in one piece, before and behind what is new.
    const auto begin = std::mismatch(text.begin(), text.end(), merged.begin()).first;
    EXPECT_THAT(merged, EndsWith(std::string(begin, text.end())));
  }
}

TEST_P(EveryNode, HasEnvironmentFilesThatKeepTheirArguments) {
  for (const char* variable :
       {"KUBELET_EXTRA_ARGS", "KUBELET_KUBEADM_ARGS", "NODEADM_KUBELET_ARGS", "KUBELET_FLAGS", "KUBELET_OPTS"}) {
    for (const auto& [path, text] : files()) {
      if (path.ends_with(".service") || path.ends_with(".conf") || !environmentArguments(text, variable)) continue;
      SCOPED_TRACE(path);
      if (text.find("image-credential-provider-config") != std::string::npos) {
        EXPECT_THROW(setEnvironmentFlags(text, variable, kFlags, OtherValue::kRefuse), Error);
        continue;
      }
      const std::string written = setEnvironmentFlags(text, variable, kFlags, OtherValue::kRefuse);
      std::vector<std::string> expected = *environmentArguments(text, variable);
      for (const KubeletFlag& flag : kFlags) expected.push_back(argumentOf(flag));
      EXPECT_EQ(environmentArguments(written, variable), expected);
      EXPECT_EQ(setEnvironmentFlags(written, variable, kFlags, OtherValue::kRefuse), written);
      EXPECT_EQ(removeEnvironmentFlags(written, variable, kFlags), text);
    }
  }
}

TEST(LayoutFiles, OfKindGetTheFlagsOnTheLineThatHasNoEnd) {
  const test::TempFolder node;
  test::layOutNode("kind", node.path());
  EXPECT_EQ(setEnvironmentFlags(readNodeFile(node.path() + "/etc/default/kubelet").value(), "KUBELET_EXTRA_ARGS",
                                kFlags, OtherValue::kRefuse),
            "KUBELET_EXTRA_ARGS=--runtime-cgroups=/system.slice/containerd.service "
            "--image-credential-provider-config=/etc/p.yaml --image-credential-provider-bin-dir=/opt/bin");
}

TEST(LayoutFiles, OfMicroK8sGetTheFlagsOnLinesOfTheirOwn) {
  const test::TempFolder node;
  test::layOutNode("microk8s", node.path());
  const std::string text = readNodeFile(node.path() + "/var/snap/microk8s/current/args/kubelet").value();
  const std::string written = setArgumentFlags(text, kFlags, OtherValue::kRefuse);
  EXPECT_EQ(written, text +
                         "--image-credential-provider-config=/etc/p.yaml\n"
                         "--image-credential-provider-bin-dir=/opt/bin\n");
  EXPECT_EQ(removeArgumentFlags(written, kFlags), text);
}

TEST(LayoutFiles, OfEksGetTheEntryInTheStyleOfTheFile) {
  const test::TempFolder node;
  test::layOutNode("eks-al2023", node.path());
  const std::string text = readNodeFile(node.path() + "/etc/eks/image-credential-provider/config.json").value();
  std::string expected = text;
  expected.insert(expected.find("\n  ]\n}"),
                  ",\n"
                  "    {\n"
                  "      \"name\": \"registry-credential-broker\",\n"
                  "      \"apiVersion\": \"credentialprovider.kubelet.k8s.io/v1\",\n"
                  "      \"matchImages\": [\n"
                  "        \"docker.example.com\"\n"
                  "      ],\n"
                  "      \"defaultCacheDuration\": \"0s\",\n"
                  "      \"args\": [\n"
                  "        \"--config=/etc/registry-credential-broker/config.yaml\"\n"
                  "      ]\n"
                  "    }");
  EXPECT_EQ(mergeEntries(text, {entries().front()}), expected);
}

}  // namespace
}  // namespace rcb
