#include "core/doctor/registry_checks.hpp"

#include "core/net/https_client.hpp"
#include "core/observe/log.hpp"
#include "tests/core/doctor/fake_cluster.hpp"
#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::FakeCluster;
using test::throwsError;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class RegistryChecks : public testing::Test {
 protected:
  void visit(bool loggedIn = true) {
    HttpsClientOptions options;
    options.tls.caFile = cluster_.caFile();
    options.tls.caReplacesSystem = true;
    options.userAgent = "test";
    options.retry.attempts = 1;
    options.now = [] { return FakeCluster::kNow; };
    const Log log;
    HttpsClient http(std::move(options), log);
    const RegistryLogin login{"pull", Secret("canary-password-canary-password")};
    diagnosis_ = {};
    checkRegistry(diagnosis_, http, image_, loggedIn ? &login : nullptr, Deadline::after(std::chrono::seconds(20)));
    EXPECT_THAT(diagnosis_.json(), AllOf(Not(HasSubstr("canary")), Not(HasSubstr("cHVsbDpj"))));
    EXPECT_EQ(diagnosis_.findings().size(), 2U);
    registry_ = line(0);
    manifest_ = line(1);
  }
  std::string line(std::size_t index) const {
    if (index >= diagnosis_.findings().size()) return {};
    const CheckFinding& one = diagnosis_.findings()[index];
    EXPECT_EQ(one.check, index == 0 ? "registry" : "manifest");
    return std::string(verdictName(one.verdict)) + ": " + one.what + "; " + one.fix;
  }

  FakeCluster cluster_;
  RegistryImage image_{cluster_.host(), "acme/app", "1"};
  Diagnosis diagnosis_;
  std::string registry_;
  std::string manifest_;
};

TEST_F(RegistryChecks, PassWithAToken) {
  visit();
  EXPECT_EQ(registry_, "pass: the token endpoint at " + cluster_.host() + " takes the credential; ");
  EXPECT_EQ(manifest_, "pass: acme/app:1 of " + cluster_.host() + " may be pulled, sha256:abc; ");
  const auto requests = cluster_.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].headers.count("authorization"), 0U);
  EXPECT_EQ(requests[1].target, "/registry/token?service=registry.test&scope=repository%3Aacme%2Fapp%3Apull");
  EXPECT_EQ(requests[1].headers.at("authorization"), "Basic cHVsbDpjYW5hcnktcGFzc3dvcmQtY2FuYXJ5LXBhc3N3b3Jk");
  EXPECT_EQ(requests[2].headers.at("authorization"), std::string("Bearer ") + test::kCanaryToken);
  EXPECT_THAT(requests[2].headers.at("accept"), HasSubstr("application/vnd.oci.image.index.v1+json"));
}

TEST_F(RegistryChecks, PassWithBasic) {
  cluster_.reply(FakeCluster::kRegistry, {401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, ""});
  visit();
  EXPECT_EQ(registry_, "pass: " + cluster_.host() + " takes the user name and the password themselves (Basic); ");
  EXPECT_THAT(manifest_, StartsWith("pass: "));
}

TEST_F(RegistryChecks, PassWithoutAnyLogin) {
  cluster_.reply(FakeCluster::kRegistry, {200, {}, "{}"});
  visit();
  EXPECT_EQ(registry_, "pass: " + cluster_.host() + " asks for no login; ");
  EXPECT_THAT(manifest_, StartsWith("pass: "));
}

TEST_F(RegistryChecks, LogInWhereOnlyTheManifestAsksForIt) {
  cluster_.reply(FakeCluster::kRegistry, {200, {}, "{}"});
  cluster_.reply(FakeCluster::kManifest,
                 {401, {{"WWW-Authenticate", "Bearer realm=\"" + cluster_.issuer() + "/registry/token\""}}, ""});
  visit();
  EXPECT_THAT(registry_, HasSubstr("takes the credential"));
  EXPECT_THAT(manifest_,
              StartsWith("fail: acme/app:1 of " + cluster_.host() + " may not be pulled with this credential (401)"));
}

TEST_F(RegistryChecks, WithoutACredentialSayHowOneLogsIn) {
  visit(false);
  EXPECT_EQ(registry_,
            "pass: " + cluster_.host() + " sends its clients to the token endpoint at " + cluster_.host() + "; ");
  EXPECT_EQ(manifest_, "skip: there is no credential to ask with; ");
  cluster_.reply(FakeCluster::kRegistry, {401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, ""});
  visit(false);
  EXPECT_EQ(registry_, "pass: " + cluster_.host() + " asks for a user name and a password; ");
}

TEST_F(RegistryChecks, SayThatTheCredentialIsRefused) {
  for (const int status : {401, 403}) {
    cluster_.reply(FakeCluster::kRegistryToken,
                   {status, {}, R"({"errors":[{"code":"DENIED","message":"no such user"}]})"});
    visit();
    EXPECT_THAT(registry_, AllOf(StartsWith("fail: the token endpoint at "), HasSubstr("refuses the credential"),
                                 HasSubstr("no such user"), HasSubstr("check the rule's settings")));
    EXPECT_EQ(manifest_, "skip: there is no token; ");
  }
  cluster_.reply(FakeCluster::kRegistry, {401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, ""});
  cluster_.reply(FakeCluster::kManifest, {401, {}, ""});
  visit();
  EXPECT_THAT(registry_, StartsWith("fail: " + cluster_.host() + " does not accept the credential (401)"));
  EXPECT_EQ(manifest_, "skip: there is no login; ");
}

TEST_F(RegistryChecks, DoNotRepeatASecretThatTheServerQuotes) {
  cluster_.reply(FakeCluster::kRegistryToken, {401, {}, R"({"message":"canary-password-canary-password is wrong"})"});
  visit();
  EXPECT_THAT(registry_, HasSubstr("refuses the credential (401); "));
}

TEST_F(RegistryChecks, SayWhatElseTheTokenEndpointAnswers) {
  cluster_.reply(FakeCluster::kRegistryToken, {404, {}, ""});
  visit();
  EXPECT_THAT(registry_, HasSubstr("answers 404"));
  cluster_.reply(FakeCluster::kRegistryToken, {429, {}, ""});
  visit();
  EXPECT_THAT(registry_, HasSubstr("try again later"));
  for (const char* body : {"", "[]", "{}", R"({"token":7})", R"({"token":""})"}) {
    cluster_.reply(FakeCluster::kRegistryToken, {200, {}, body});
    visit();
    EXPECT_THAT(registry_, HasSubstr("answers without a token")) << body;
  }
}

TEST_F(RegistryChecks, SayWhatTheRegistrySaysOfTheManifest) {
  const std::string image = "acme/app:1 of " + cluster_.host();
  for (const auto& [status, what] : std::vector<std::pair<int, std::string>>{
           {401, "fail: " + image + " may not be pulled with this credential (401); allow the identity"},
           {403, "fail: " + image + " may not be pulled with this credential (403); allow the identity"},
           {404, "fail: " + image + " is not there (404), or this credential may not see it; check the image's name"},
           {429, "warn: the registry limits requests (429)"},
           {307, "skip: the registry redirects to another host (307)"},
           {500, "fail: the registry answers 500 for " + image}}) {
    cluster_.reply(FakeCluster::kManifest, {status, {}, ""});
    visit();
    EXPECT_THAT(registry_, StartsWith("pass: "));
    EXPECT_THAT(manifest_, StartsWith(what));
  }
}

TEST_F(RegistryChecks, SayThatAHostIsNoRegistry) {
  cluster_.reply(FakeCluster::kRegistry, {404, {}, "<html>"});
  visit();
  EXPECT_THAT(registry_, AllOf(StartsWith("fail: " + cluster_.host() + " answers GET /v2/ with 404"),
                               HasSubstr("no registry answers there")));
  EXPECT_EQ(manifest_, "skip: the registry does not answer; ");
  cluster_.reply(FakeCluster::kRegistry, {401, {}, ""});
  visit();
  EXPECT_THAT(registry_, HasSubstr("a login of a kind that runtimes do not have"));
}

TEST_F(RegistryChecks, SendNoCredentialToAnEndpointWithoutTls) {
  for (const char* realm : {"http://127.0.0.1/token", "", "ftp://x"}) {
    cluster_.reply(FakeCluster::kRegistry,
                   {401, {{"WWW-Authenticate", std::string("Bearer realm=\"") + realm + "\""}}, ""});
    visit();
    EXPECT_THAT(registry_, HasSubstr("names a token endpoint that cannot be used")) << realm;
  }
  cluster_.reply(FakeCluster::kRegistry, {401, {{"WWW-Authenticate", "Bearer"}}, ""});
  visit();
  EXPECT_THAT(registry_, HasSubstr("cannot be used: it is missing"));
  EXPECT_EQ(cluster_.count("GET /registry/token"), 0U);
}

TEST_F(RegistryChecks, SayThatTheRegistryCannotBeReached) {
  image_.host = "127.0.0.1:1";
  visit();
  EXPECT_THAT(registry_, AllOf(StartsWith("fail: "), HasSubstr("code=connect-failed")));
  EXPECT_EQ(manifest_, "skip: the registry was not reached; ");
}

TEST(RegistryImage, HasATagOrADigest) {
  const std::string digest = "sha256:" + std::string(64, 'a');
  EXPECT_EQ(parseRegistryImage("registry.test/acme/app").reference, "latest");
  EXPECT_EQ(parseRegistryImage("registry.test:5000/acme/app:1.2_x").reference, "1.2_x");
  EXPECT_EQ(parseRegistryImage("registry.test/app@" + digest).reference, digest);
  EXPECT_EQ(parseRegistryImage("registry.test/app:1@" + digest).reference, digest);
  EXPECT_EQ(parseRegistryImage("registry.test:5000/acme/app:1").host, "registry.test:5000");
  EXPECT_EQ(parseRegistryImage("registry.test:5000/acme/app:1").repository, "acme/app");
  EXPECT_EQ(parseRegistryImage("docker.io/library/redis").host, "registry-1.docker.io");
}

TEST(RegistryImage, IsRefusedIfItIsInvalid) {
  for (const std::string& image :
       {std::string(), std::string("redis"), std::string("registry.test/app:"), std::string("registry.test/app:a b"),
        std::string("registry.test/app@sha256:x"), std::string("registry.test/app:../x"),
        "registry.test/app:" + std::string(200, 'a')}) {
    EXPECT_THAT([&] { parseRegistryImage(image); }, throwsError(ErrorCode::kRequestImage)) << image;
  }
}

TEST(RegistryImage, IsCompletedAsTheKubeletDoes) {
  EXPECT_EQ(completeImageName("redis:7"), "docker.io/library/redis:7");
  EXPECT_EQ(completeImageName("acme/app"), "docker.io/acme/app");
  EXPECT_EQ(completeImageName("localhost/app"), "localhost/app");
  EXPECT_EQ(completeImageName("registry:5000/app"), "registry:5000/app");
  EXPECT_EQ(completeImageName("registry.test/app"), "registry.test/app");
}

}  // namespace
}  // namespace rcb
