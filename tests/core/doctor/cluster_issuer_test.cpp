#include "core/doctor/cluster_issuer.hpp"

#include "tests/core/doctor/fake_cluster.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::FakeCluster;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class ClusterIssuer : public testing::Test {
 protected:
  void look(const std::string& issuer, const std::string& keyId = "key-1") {
    HttpsClientOptions options;
    options.tls.caFile = caFile_.empty() ? cluster_.caFile() : caFile_;
    options.tls.caReplacesSystem = true;
    options.userAgent = "test";
    options.retry.attempts = 1;
    options.now = [] { return FakeCluster::kNow; };
    const Log log;
    HttpsClient http(std::move(options), log);
    diagnosis_ = {};
    checkIssuerOver(diagnosis_, http, issuer, keyId, Deadline::after(std::chrono::seconds(20)));
    ASSERT_EQ(diagnosis_.findings().size(), 2U) << diagnosis_.text({});
    issuer_ = line(0);
    keys_ = line(1);
  }
  void look() { look(cluster_.issuer()); }
  std::string line(std::size_t index) const {
    const CheckFinding& one = diagnosis_.findings()[index];
    EXPECT_EQ(one.check, index == 0 ? "issuer" : "issuer-keys");
    return std::string(verdictName(one.verdict)) + ": " + one.what + "; " + one.fix;
  }

  FakeCluster cluster_;
  std::string caFile_;
  Diagnosis diagnosis_;
  std::string issuer_;
  std::string keys_;
};

TEST_F(ClusterIssuer, IsReadWithoutCredentialsAndItsLoopbackAddressIsNoted) {
  look();
  EXPECT_THAT(issuer_, AllOf(StartsWith("warn: " + cluster_.issuer() + "/.well-known/openid-configuration is readable"),
                             HasSubstr("it is a loopback address"), HasSubstr("--service-account-issuer")));
  EXPECT_THAT(keys_, AllOf(StartsWith("warn: "), HasSubstr("has the key of the cluster's tokens")));
  for (const auto& request : cluster_.requests()) {
    EXPECT_EQ(request.headers.count("authorization"), 0U);
    EXPECT_THAT(request.headers.at("accept"), HasSubstr("application/jwk-set+json"))
        << "or a real API server answers 406";
  }
}

TEST_F(ClusterIssuer, ThatNeedsALoginIsAFailure) {
  for (const int status : {401, 403}) {
    cluster_.reply(FakeCluster::kDiscovery, {status, {}, R"({"message":"forbidden"})"});
    look();
    EXPECT_THAT(issuer_, AllOf(StartsWith("fail: a registry that verifies tokens would get " + std::to_string(status)),
                               HasSubstr("system:service-account-issuer-discovery")));
    EXPECT_THAT(keys_, StartsWith("skip: "));
  }
}

TEST_F(ClusterIssuer, WhoseKeysNeedALoginIsAFailure) {
  cluster_.reply(FakeCluster::kKeys, {403, {}, ""});
  look();
  EXPECT_THAT(keys_, AllOf(StartsWith("fail: a registry that verifies tokens would get 403 from " + cluster_.issuer()),
                           HasSubstr("system:service-account-issuer-discovery")));
}

TEST_F(ClusterIssuer, ThatPublishesNothingIsAFailure) {
  cluster_.reply(FakeCluster::kDiscovery, {404, {}, ""});
  look();
  EXPECT_THAT(issuer_, AllOf(HasSubstr("would get 404"), HasSubstr("publish the issuer's documents")));
  cluster_.reply(FakeCluster::kDiscovery, {200, {}, "<html>canary</html>"});
  look();
  EXPECT_THAT(issuer_, HasSubstr("is not a discovery document: it is not valid JSON"));
  cluster_.reply(FakeCluster::kDiscovery, {302, {{"Location", "https://canary.test/"}}, ""});
  look();
  EXPECT_THAT(issuer_, HasSubstr("would get 302"));
}

TEST_F(ClusterIssuer, ThatNamesAnotherIssuerIsAFailure) {
  cluster_.reply(FakeCluster::kDiscovery, {200,
                                           {},
                                           R"({"issuer":")" + cluster_.issuer() + R"(/","jwks_uri":")" +
                                               cluster_.issuer() + R"(/openid/v1/jwks"})"});
  look();
  EXPECT_THAT(issuer_,
              StartsWith("fail: " + cluster_.issuer() + "/.well-known/openid-configuration names another issuer, " +
                         cluster_.issuer() + "/"));
}

TEST_F(ClusterIssuer, WithoutTheKeyOfItsTokensIsAFailure) {
  look(cluster_.issuer(), "key-2");
  EXPECT_THAT(keys_,
              AllOf(StartsWith("fail: "), HasSubstr("does not have the key that signs the cluster's tokens (key-2)")));
  cluster_.reply(FakeCluster::kKeys, {200, {}, R"({"keys":[]})"});
  look();
  EXPECT_THAT(keys_, HasSubstr("is not a key set: it has no keys"));
}

TEST_F(ClusterIssuer, WhoseKeysAreNotBehindTlsIsAFailure) {
  cluster_.reply(FakeCluster::kDiscovery,
                 {200, {}, R"({"issuer":")" + cluster_.issuer() + R"(","jwks_uri":"http://127.0.0.1/keys"})"});
  look();
  EXPECT_THAT(keys_, StartsWith("fail: the issuer's jwks_uri cannot be used: it does not begin with https://"));
}

TEST_F(ClusterIssuer, ThatIsNoUrlIsAFailure) {
  for (const char* issuer : {"kubernetes/serviceaccount", "http://issuer.test", "https://"}) {
    look(issuer);
    EXPECT_THAT(issuer_, AllOf(StartsWith("fail: the issuer "), HasSubstr("is not a URL that a registry can use")))
        << issuer;
  }
}

TEST_F(ClusterIssuer, ThatThisNodeCannotReachIsAWarning) {
  look("https://127.0.0.1:1");
  EXPECT_THAT(issuer_,
              AllOf(StartsWith("warn: https://127.0.0.1:1/.well-known/openid-configuration cannot be read from here"),
                    HasSubstr("it is a loopback address"), HasSubstr("code=connect-failed")));
  look("https://no-such-host.invalid");
  EXPECT_THAT(issuer_,
              AllOf(StartsWith("warn: "), HasSubstr("code=dns-failed"), HasSubstr("the registry can read it")));
}

TEST_F(ClusterIssuer, WhoseCertificateTheSystemDoesNotTrustIsAWarning) {
  const test::TempFolder folder;
  caFile_ = test::Pki(folder.path(), "Other").rootFile();
  look();
  EXPECT_THAT(issuer_, AllOf(StartsWith("warn: "), HasSubstr("code=tls-failed")));
}

}  // namespace
}  // namespace rcb
