#include "core/cluster/api_client.hpp"

#include "tests/core/cluster/api_fixture.hpp"

namespace rcb {
namespace {

using test::ApiFixture;
using test::contentOf;
using test::Pki;
using test::ServerReply;
using test::ServerRequest;
using test::throwsError;
using testing::HasSubstr;
using testing::Not;

class ApiClientTest : public ApiFixture {
 protected:
  void showCertificate(const Pki::LeafOptions& options = {.names = {"node"}, .clientAuthentication = true}) {
    const Pki::Leaf leaf = pki_.issue("client", options);
    tls_->clientCertificate = Secret(contentOf(leaf.certificateFile));
    tls_->clientKey = Secret(contentOf(leaf.keyFile));
  }
};

TEST_F(ApiClientTest, LogsInWithACertificateFromMemory) {
  serve([](const ServerRequest&) { return ServerReply{200, {}, R"({"kind":"PodList"})"}; }, true);
  showCertificate();
  const ApiAnswer answer = api().get("/api/v1/pods?limit=1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(*answer.body.find("kind")->string(), "PodList");
  EXPECT_EQ(server_->requests().at(0).target, "/api/v1/pods?limit=1");
  EXPECT_EQ(server_->requests().at(0).headers.count("authorization"), 0U);
}

TEST_F(ApiClientTest, LogsInWithAToken) {
  answer(200, "{}");
  login_.token = Secret("canary-canary");
  EXPECT_TRUE(api().post("/apis/x", R"({"a":1})").ok());
  const ServerRequest request = server_->requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.headers.at("authorization"), "Bearer canary-canary");
  EXPECT_EQ(request.headers.at("content-type"), "application/json");
  EXPECT_EQ(request.body, R"({"a":1})");
}

TEST_F(ApiClientTest, WithoutTheCertificateThatTheServerWantsFails) {
  serve([](const ServerRequest&) { return ServerReply{200, {}, "{}"}; }, true);
  EXPECT_THROW(api().get("/api"), Error);
}

TEST_F(ApiClientTest, TrustsTheAuthoritiesOfTheKubeconfigAlone) {
  answer(200, "{}");
  tls_->authorities = Secret(contentOf(Pki(folder_.path(), "Other").rootFile()));
  EXPECT_THAT([this] { api().get("/api"); }, throwsError(ErrorCode::kTlsFailed));
  EXPECT_TRUE(server_->requests().empty());
}

TEST_F(ApiClientTest, SaysWhichPartOfTheKubeconfigIsDamaged) {
  answer(200, "{}");
  tls_->authorities = Secret("no PEM");
  EXPECT_THAT([this] { api().get("/api"); },
              throwsError(ErrorCode::kFileUnreadable, "CA certificates of /etc/kubernetes/kubelet.conf"));
  tls_->authorities = Secret(contentOf(pki_.rootFile()));
  showCertificate();
  tls_->clientKey = Secret("canary");
  EXPECT_THAT([this] { api().get("/api"); },
              throwsError(ErrorCode::kFileUnreadable,
                          "the client key of /etc/kubernetes/kubelet.conf contains no PEM private key"));
  tls_->clientCertificate = Secret("no PEM");
  EXPECT_THAT([this] { api().get("/api"); },
              throwsError(ErrorCode::kFileUnreadable,
                          "the client certificate of /etc/kubernetes/kubelet.conf contains no PEM certificate"));
}

TEST_F(ApiClientTest, GivesTheReasonOfARefusal) {
  answer(403, R"({"kind":"Status","message":"pods is forbidden: User \"system:node:a\" cannot list\n","code":403})");
  const ApiAnswer refused = api().get("/api/v1/pods");
  EXPECT_FALSE(refused.ok());
  EXPECT_THAT(refused.message, HasSubstr("pods is forbidden: User \"system:node:a\" cannot list"));
  const std::string line = apiRefusal(refused, "the list of pods", "https://api.test:6443").line();
  EXPECT_THAT(line, HasSubstr("the API server refused the list of pods: pods is forbidden"));
  EXPECT_THAT(line, HasSubstr("code=cluster-refused, status=403, server=api.test:6443"));
}

TEST_F(ApiClientTest, HidesAReasonThatQuotesTheToken) {
  login_.token = Secret("canary-canary-canary-canary");
  answer(401, R"({"message":"invalid token canary-canary-canary-canary"})");
  EXPECT_EQ(api().get("/api").message, "");
}

TEST_F(ApiClientTest, TakesARefusalThatIsNotJson) {
  answer(502, "<html>canary</html>");
  const ApiAnswer refused = api().get("/api");
  EXPECT_EQ(refused.status, 502);
  EXPECT_EQ(refused.message, "");
}

TEST_F(ApiClientTest, RefusesASuccessThatIsNotJson) {
  answer(200, "<html>canary</html>");
  EXPECT_THAT([this] { api().get("/api"); }, throwsError(ErrorCode::kAnswerInvalid, "is not valid JSON"));
  answer(200, std::string(100'000, '['));
  EXPECT_THAT([this] { api().get("/api"); }, throwsError(ErrorCode::kAnswerInvalid, "is not valid JSON"));
}

TEST(ApiPath, EscapesWhatIsNotPartOfASegment) { EXPECT_EQ(pathPart("../secrets?x#y"), "..%2Fsecrets%3Fx%23y"); }

}  // namespace
}  // namespace rcb
