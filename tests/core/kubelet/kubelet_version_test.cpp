#include "core/kubelet/kubelet_version.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

TEST(KubeletVersion, IsReadAsKubeletsAndVendorsWriteIt) {
  for (const char* text : {"1.34", "1.34.4", "v1.34.4", "v1.34.4+k3s1", "v1.34.5-eks-113cf36", "v1.34.0-gke.1318000"}) {
    EXPECT_EQ(parseKubeletVersion(text), KubeletVersion{34}) << text;
  }
}

TEST(KubeletVersion, IsNothingElse) {
  for (const char* text : {"", "v", "1", "1.", "1.x", "1.34.", "1.34.x", "1.34.4k", "2.1", "1.3456", "1.-1",
                           "1.34-rc.1", " 1.34", "vv1.34"}) {
    EXPECT_FALSE(parseKubeletVersion(text)) << text;
  }
}

TEST(KubeletVersion, DecidesWhatAProviderFileMayContain) {
  EXPECT_FALSE(KubeletVersion{32}.knowsTokenAttributes());
  EXPECT_TRUE(KubeletVersion{33}.needsTokenGate());
  EXPECT_FALSE(KubeletVersion{33}.needsCacheType());
  EXPECT_TRUE(KubeletVersion{34}.needsCacheType());
  EXPECT_FALSE(KubeletVersion{34}.needsTokenGate());
  EXPECT_EQ(KubeletVersion{34}.text(), "1.34");
}

}  // namespace
}  // namespace rcb
