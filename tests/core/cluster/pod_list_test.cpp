#include "core/cluster/pod_list.hpp"

#include "tests/core/cluster/api_fixture.hpp"

namespace rcb {
namespace {

using test::ServerReply;
using test::ServerRequest;
using test::throwsError;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kPod = R"({"metadata":{"namespace":"team-a","name":"app-5d9c7b8f6d-x2x4z","uid":"u-1",
  "labels":{"pod-template-hash":"5d9c7b8f6d"},
  "ownerReferences":[{"kind":"Backup","name":"b"},{"kind":"ReplicaSet","name":"app-5d9c7b8f6d","controller":true}]},
  "spec":{"serviceAccountName":"puller","nodeName":"node-1","imagePullSecrets":[{"name":"regcred"},{}],
    "initContainers":[{"image":"registry.test/init:1"}],
    "containers":[{"image":"registry.test/app:1"},{"image":"registry.test/app:1"},{"image":"redis"}],
    "volumes":[{"name":"data","emptyDir":{}},{"name":"model","image":{"reference":"registry.test/model:2"}}]},
  "status":{"phase":"Running"}})";

Json jsonOf(std::string_view text) { return std::get<Json>(parseJson(text)); }

std::string listOf(const std::string& items, const std::string& next = "") {
  return R"({"kind":"PodList","metadata":{"continue":")" + next + R"("},"items":[)" + items + "]}";
}

class PodList : public test::ApiFixture {};

TEST_F(PodList, HasWhatPullsDependOn) {
  const PodPage page = readPodPage(jsonOf(listOf(std::string(kPod), "more")));
  EXPECT_EQ(page.next, "more");
  ASSERT_EQ(page.pods.size(), 1U);
  const Pod& pod = page.pods.front();
  EXPECT_EQ(pod.namespaceName, "team-a");
  EXPECT_EQ(pod.name, "app-5d9c7b8f6d-x2x4z");
  EXPECT_EQ(pod.uid, "u-1");
  EXPECT_EQ(pod.serviceAccount, "puller");
  EXPECT_EQ(pod.node, "node-1");
  EXPECT_EQ(pod.owner, "Deployment/app");
  EXPECT_FALSE(pod.isStatic);
  EXPECT_FALSE(pod.isOver);
  EXPECT_THAT(pod.images, ElementsAre("registry.test/init:1", "registry.test/app:1", "redis", "registry.test/model:2"));
  EXPECT_THAT(pod.pullSecrets, ElementsAre("regcred"));
}

TEST_F(PodList, KnowsStaticAndFinishedPodsAndThoseWithoutAController) {
  const PodPage page = readPodPage(jsonOf(listOf(
      R"({"metadata":{"namespace":"kube-system","name":"etcd","annotations":{"kubernetes.io/config.mirror":"x"},)"
      R"("ownerReferences":[{"kind":"Node","name":"node-1","controller":true}]}},)"
      R"({"metadata":{"namespace":"a","name":"b"},"status":{"phase":"Succeeded"}})")));
  ASSERT_EQ(page.pods.size(), 2U);
  EXPECT_TRUE(page.pods[0].isStatic);
  EXPECT_EQ(page.pods[0].owner, "Node/node-1");
  EXPECT_TRUE(page.pods[1].isOver);
  EXPECT_EQ(page.pods[1].owner, "");
}

TEST_F(PodList, MayBeEmpty) {
  EXPECT_THAT(readPodPage(jsonOf(R"({"items":null})")).pods, IsEmpty());
  EXPECT_THAT(readPodPage(jsonOf(R"({"items":[]})")).pods, IsEmpty());
}

TEST_F(PodList, LeavesOutWhatIsNoPod) {
  EXPECT_THAT(readPodPage(jsonOf(listOf(R"(7,{},{"metadata":[]},{"metadata":{"name":"x"}})"))).pods, IsEmpty());
}

TEST_F(PodList, OfAnotherKindIsInvalid) {
  for (const char* text : {"{}", R"({"items":{}})", R"({"items":"x"})", "[]", "7"}) {
    EXPECT_THAT([&] { readPodPage(jsonOf(text)); }, throwsError(ErrorCode::kAnswerInvalid, "not a list of pods"))
        << text;
  }
}

TEST_F(PodList, IsReadPageByPage) {
  serve([](const ServerRequest& request) {
    const bool second = request.target.find("continue=") != std::string::npos;
    return ServerReply{200, {}, listOf(std::string(kPod), second ? "" : "a/b=")};
  });
  EXPECT_EQ(listPods(api(), "node-1").size(), 2U);
  const auto requests = server_->requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].target, "/api/v1/pods?limit=25&fieldSelector=spec.nodeName%3Dnode-1");
  EXPECT_EQ(requests[1].target, "/api/v1/pods?limit=25&fieldSelector=spec.nodeName%3Dnode-1&continue=a%2Fb%3D");
}

TEST_F(PodList, OfTheClusterHasNoSelector) {
  answer(200, listOf(""));
  EXPECT_THAT(listPods(api(), ""), IsEmpty());
  EXPECT_EQ(server_->requests().at(0).target, "/api/v1/pods?limit=25");
}

TEST_F(PodList, WithPagesThatAreTooLargeIsReadInSmallerOnes) {
  serve([](const ServerRequest& request) {
    const bool single = request.target.find("limit=1") != std::string::npos;
    return ServerReply{200, {}, single ? listOf(std::string(kPod)) : listOf(std::string(3 << 20, ' '))};
  });
  EXPECT_EQ(listPods(api(), "").size(), 1U);
  EXPECT_EQ(server_->requests().size(), 3U);
}

TEST_F(PodList, WithOnePodThatIsTooLargeFails) {
  answer(200, listOf(std::string(3 << 20, ' ')));
  EXPECT_THAT([this] { listPods(api(), ""); }, throwsError(ErrorCode::kAnswerTooLarge));
}

TEST_F(PodList, ThatIsRefusedIsAnError) {
  answer(403, R"({"message":"pods is forbidden"})");
  EXPECT_THAT([this] { listPods(api(), ""); },
              throwsError(ErrorCode::kClusterRefused, "refused the list of pods: pods is forbidden"));
}

TEST_F(PodList, ThatNeverEndsIsGivenUp) {
  std::string thousands = std::string(kPod);
  for (int i = 0; i < 1000; ++i) thousands += R"(,{"metadata":{"namespace":"a","name":"b"}})";
  answer(200, listOf(thousands, "again"));
  EXPECT_THAT([this] { listPods(api(), ""); },
              throwsError(ErrorCode::kAnswerTooLarge, "the cluster has more than 50000 pods"));
}

}  // namespace
}  // namespace rcb
