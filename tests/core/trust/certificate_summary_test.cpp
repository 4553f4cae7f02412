#include "core/trust/certificate_summary.hpp"

#include "tests/support/file_content.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace rcb {
namespace {

using test::contentOf;

TEST(CertificateSummary, SaysWhoseItIsAndUntilWhen) {
  const test::TempFolder folder;
  test::Pki pki(folder.path());
  const auto leaf = pki.issue("node", {.names = {"node-1"}, .validFromDays = -10, .validUntilDays = -3});
  const auto summary = summariseCertificate(contentOf(leaf.keyFile) + contentOf(leaf.certificateFile));
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->validUntil - summary->validFrom, std::chrono::hours(24 * 7));
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  EXPECT_LT(summary->validUntil, now);
  EXPECT_GT(summary->validUntil, now - std::chrono::hours(24 * 4));
  const auto root = summariseCertificate(contentOf(pki.rootFile()));
  ASSERT_TRUE(root);
  EXPECT_EQ(root->commonName, "Test Root");
}

TEST(CertificateSummary, IsNothingForWhatIsNoCertificate) {
  const test::TempFolder folder;
  test::Pki pki(folder.path());
  EXPECT_FALSE(summariseCertificate(""));
  EXPECT_FALSE(summariseCertificate("-----BEGIN CERTIFICATE-----\n"));
  EXPECT_FALSE(summariseCertificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
  EXPECT_FALSE(summariseCertificate("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"));
  EXPECT_FALSE(summariseCertificate(contentOf(pki.issue("node", {.names = {"node-1"}}).keyFile)));
}

}  // namespace
}  // namespace rcb
