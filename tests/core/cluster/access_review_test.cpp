#include "core/cluster/access_review.hpp"

#include "tests/core/cluster/api_fixture.hpp"

namespace rcb {
namespace {

using test::throwsError;
using testing::ElementsAre;

class AccessReview : public test::ApiFixture {};

TEST_F(AccessReview, SaysWhoTheCallerIs) {
  answer(201, R"({"status":{"userInfo":{"username":"system:node:worker-1","groups":["system:nodes",7,"x"]}}})");
  const Caller caller = whoAmI(api());
  EXPECT_EQ(caller.name, "system:node:worker-1");
  EXPECT_EQ(caller.nodeName(), "worker-1");
  EXPECT_THAT(caller.groups, ElementsAre("system:nodes", "x"));
  EXPECT_EQ(server_->requests().at(0).target, "/apis/authentication.k8s.io/v1/selfsubjectreviews");
}

TEST_F(AccessReview, OfAnAdministratorNamesNoNode) {
  answer(201, R"({"status":{"userInfo":{"username":"admin"}}})");
  EXPECT_EQ(whoAmI(api()).nodeName(), "");
}

TEST_F(AccessReview, AsksForTheAudienceAsAResource) {
  answer(201, R"({"status":{"allowed":true}})");
  EXPECT_TRUE(mayDo(api(), {.verb = "request-serviceaccounts-token-audience",
                            .resource = "https://registry.test",
                            .namespaceName = "team-a",
                            .name = "puller"}));
  EXPECT_EQ(server_->requests().at(0).body,
            R"({"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":)"
            R"({"verb":"request-serviceaccounts-token-audience","resource":"https://registry.test",)"
            R"("namespace":"team-a","name":"puller"}}})");
}

TEST_F(AccessReview, ThatDeniesIsAnAnswer) {
  answer(201, R"({"status":{"allowed":false,"reason":"no"}})");
  EXPECT_FALSE(mayDo(api(), {.verb = "get", .resource = "serviceaccounts"}));
}

TEST_F(AccessReview, ThatIsRefusedIsAnError) {
  answer(401, R"({"message":"Unauthorized"})");
  EXPECT_THAT([this] { whoAmI(api()); },
              throwsError(ErrorCode::kClusterRefused, "refused to say who the caller is: Unauthorized"));
  EXPECT_THAT([this] { mayDo(api(), {.verb = "get", .resource = "pods"}); },
              throwsError(ErrorCode::kClusterRefused, "refused the access review: Unauthorized"));
}

TEST_F(AccessReview, WithoutAVerdictIsInvalid) {
  for (const char* body : {"{}", R"({"status":{}})", R"({"status":{"allowed":"true","userInfo":{"username":1}}})"}) {
    answer(201, body);
    EXPECT_THAT([this] { whoAmI(api()); }, throwsError(ErrorCode::kAnswerInvalid, "no valid status.userInfo")) << body;
    EXPECT_THAT([this] { mayDo(api(), {.verb = "get", .resource = "pods"}); },
                throwsError(ErrorCode::kAnswerInvalid, "no valid status.allowed"))
        << body;
  }
}

}  // namespace
}  // namespace rcb
