#include "core/node/pull_records.hpp"

#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::TempFolder;
using testing::ElementsAre;
using testing::HasSubstr;

// As a kubelet of 1.34 writes it.
constexpr char kRecord[] =
    R"({"kind":"ImagePulledRecord","apiVersion":"kubelet.config.k8s.io/v1alpha1","lastUpdatedTime":"2026-11-29T20:00:00Z",)"
    R"("imageRef":"sha256:0123","credentialMapping":{"registry.test/app":{"kubernetesSecrets":[{"uid":"1","namespace":"a",)"
    R"("name":"pull","credentialHash":"canary"}],"kubernetesServiceAccounts":[{"uid":"2","namespace":"team-a","name":"puller"}]},)"
    R"("registry.test/open":{"kubernetesSecrets":null,"nodePodsAccessible":true}}}
)";
constexpr char kIntent[] =
    R"({"kind":"ImagePullIntent","apiVersion":"kubelet.config.k8s.io/v1beta1","image":"registry.test/app:1"})";

std::string problemOf(std::string_view text) {
  std::string problem;
  EXPECT_FALSE(parsePulledRecord(text, problem)) << text;
  return problem;
}

std::string recordWith(const std::string& members) {
  return R"({"kind":"ImagePulledRecord","apiVersion":"kubelet.config.k8s.io/v1alpha1",)" + members + "}";
}

TEST(PullRecords, SayWhoseCredentialsPulledAnImage) {
  std::string problem;
  const auto record = parsePulledRecord(kRecord, problem);
  ASSERT_TRUE(record) << problem;
  EXPECT_EQ(record->image, "sha256:0123");
  EXPECT_EQ(record->lastUpdated, "2026-11-29T20:00:00Z");
  ASSERT_EQ(record->access.size(), 2U);
  const auto& [name, access] = record->access[0];
  EXPECT_EQ(name, "registry.test/app");
  EXPECT_FALSE(access.everyPod);
  EXPECT_THAT(access.secrets, ElementsAre(PullSubject{"a", "pull", "1"}));
  EXPECT_THAT(access.serviceAccounts, ElementsAre(PullSubject{"team-a", "puller", "2"}));
  EXPECT_TRUE(record->access[1].second.everyPod);
  EXPECT_TRUE(record->access[1].second.secrets.empty());
}

TEST(PullRecords, MayHaveNoCredentialAtAll) {
  std::string problem;
  EXPECT_TRUE(parsePulledRecord(recordWith(R"("imageRef":"a")"), problem)->access.empty());
  EXPECT_TRUE(parsePulledRecord(recordWith(R"("credentialMapping":null,"later":[1])"), problem)->access.empty());
}

TEST(PullRecords, OfAnotherKindOrFormAreRefused) {
  EXPECT_THAT(problemOf(""), HasSubstr("is not valid JSON"));
  EXPECT_THAT(problemOf("[]"), HasSubstr("is not an ImagePulledRecord"));
  EXPECT_THAT(problemOf(kIntent), HasSubstr("is not an ImagePulledRecord"));
  EXPECT_THAT(problemOf(R"({"kind":"ImagePulledRecord","apiVersion":"v1"})"), HasSubstr("is not an ImagePulledRecord"));
  for (const char* members :
       {R"("imageRef":1)", R"("lastUpdatedTime":{})", R"("credentialMapping":[])", R"("credentialMapping":{"a":1})",
        R"("credentialMapping":{"a":{"nodePodsAccessible":"true"}})",
        R"("credentialMapping":{"a":{"kubernetesSecrets":{}}})",
        R"("credentialMapping":{"a":{"kubernetesSecrets":[1]}})",
        R"("credentialMapping":{"a":{"kubernetesServiceAccounts":[{"name":1}]}})"}) {
    EXPECT_THAT(problemOf(recordWith(members)), HasSubstr("another type")) << members;
  }
  EXPECT_THAT(problemOf(std::string(100, '[')), HasSubstr("is not valid JSON"));
  EXPECT_THAT(problemOf(recordWith("\"a\":\"" + std::string(kPullRecordLimit, 'x') + "\"")),
              HasSubstr("is not valid JSON"));
}

TEST(PullIntents, NameTheImage) {
  std::string problem;
  EXPECT_EQ(parsePullIntent(kIntent, problem), "registry.test/app:1");
  EXPECT_FALSE(parsePullIntent(kRecord, problem));
  EXPECT_FALSE(parsePullIntent(R"({"kind":"ImagePullIntent","apiVersion":"kubelet.config.k8s.io/v1beta1"})", problem));
  EXPECT_EQ(problem, "does not name an image");
}

TEST(PullRecords, AreReadFromTheKubeletsFolder) {
  TempFolder folder;
  EXPECT_FALSE(readPullRecords(folder.path()).kept);
  folder.write("image_manager/pulled/sha256-1", kRecord);
  folder.write("image_manager/pulled/sha256-2.tmp", "{");
  folder.write("image_manager/pulled/README", "{");
  folder.write("image_manager/pulling/sha256-3", kIntent);
  const PullRecords records = readPullRecords(folder.path());
  EXPECT_TRUE(records.kept);
  EXPECT_EQ(records.pulled.size(), 1U);
  EXPECT_THAT(records.pulling, ElementsAre("registry.test/app:1"));
  EXPECT_TRUE(records.problems.empty());
}

TEST(PullRecords, ThatAreDamagedAreNamedAndTheOthersRead) {
  TempFolder folder;
  folder.write("image_manager/pulled/sha256-1", "{");
  folder.write("image_manager/pulled/sha256-2", kRecord);
  folder.write("image_manager/pulled/sha256-3/file", "");
  const PullRecords records = readPullRecords(folder.path());
  EXPECT_EQ(records.pulled.size(), 1U);
  EXPECT_THAT(records.problems,
              ElementsAre(HasSubstr("sha256-1 is not valid JSON"), HasSubstr("sha256-3 cannot be read")));
}

TEST(PullRecords, AreReadUpToALimit) {
  TempFolder folder;
  for (int i = 0; i < 5; ++i) folder.write("image_manager/pulled/sha256-" + std::to_string(i), kRecord);
  const PullRecords records = readPullRecords(folder.path(), 3);
  EXPECT_EQ(records.pulled.size(), 3U);
  EXPECT_THAT(records.problems, ElementsAre(HasSubstr("more than 3 records")));
}

}  // namespace
}  // namespace rcb
