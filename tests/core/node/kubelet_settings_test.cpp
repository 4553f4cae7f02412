#include "core/node/kubelet_settings.hpp"

#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::TempFolder;
using testing::HasSubstr;

FeatureGate gate(const TempFolder& root, std::vector<std::string> arguments) {
  RunningKubelet kubelet;
  kubelet.arguments = std::move(arguments);
  return featureGateOf(kubelet, "Gate", root.path());
}

TEST(FeatureGates, AreReadFromTheKubeletsFile) {
  TempFolder root;
  root.write("var/lib/kubelet/config.yaml",
             "kind: KubeletConfiguration\nfeatureGates:\n  Other: false\n  Gate: true\n");
  const FeatureGate found = gate(root, {"--config=/var/lib/kubelet/config.yaml"});
  EXPECT_EQ(found.enabled, true);
  EXPECT_EQ(found.source, "/var/lib/kubelet/config.yaml");
  root.write("var/lib/kubelet/config.yaml", R"({"featureGates": {"Gate": false}})");
  EXPECT_EQ(gate(root, {"--config", "/var/lib/kubelet/config.yaml"}).enabled, false);
}

TEST(FeatureGates, AreUnknownWhereNothingSetsThem) {
  TempFolder root;
  EXPECT_FALSE(gate(root, {}).enabled);
  for (const char* text : {"kind: KubeletConfiguration\n", "featureGates:\n", "featureGates: [Gate]\n", "[]",
                           "featureGates:\n  Gates: true\n"}) {
    root.write("k.yaml", text);
    const FeatureGate found = gate(root, {"--config=/k.yaml"});
    EXPECT_FALSE(found.enabled) << text;
    EXPECT_EQ(found.problem, "") << text;
  }
}

TEST(FeatureGates, OfTheFlagCountBeforeThoseOfTheFile) {
  TempFolder root;
  root.write("k.yaml", "featureGates: {Gate: true}\n");
  const FeatureGate found = gate(root, {"--config=/k.yaml", "--feature-gates=A=true,Gate=false"});
  EXPECT_EQ(found.enabled, false);
  EXPECT_EQ(found.source, "--feature-gates");
  EXPECT_EQ(gate(root, {"--config=/k.yaml", "--feature-gates=Gates=false,A=true"}).enabled, true);
}

TEST(FeatureGates, OfTheFolderCountBeforeThoseOfTheFile) {
  TempFolder root;
  root.write("k.yaml", "featureGates: {Gate: true}\n");
  root.write("k.d/10.conf", "featureGates: {Gate: false}\n");
  root.write("k.d/20.txt", "featureGates: {Gate: true}\n");
  const FeatureGate found = gate(root, {"--config=/k.yaml", "--config-dir=/k.d"});
  EXPECT_EQ(found.enabled, false);
  EXPECT_EQ(found.source, "/k.d/10.conf");
}

TEST(FeatureGates, SayWhyTheFileCannotBeRead) {
  TempFolder root;
  EXPECT_THAT(gate(root, {"--config=/none.yaml"}).problem, HasSubstr("/none.yaml cannot be read: No such file"));
  root.write("k.yaml", "a: [");
  EXPECT_THAT(gate(root, {"--config=/k.yaml"}).problem, HasSubstr("/k.yaml:2:1: invalid YAML"));
}

}  // namespace
}  // namespace rcb
