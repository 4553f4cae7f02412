#include "core/commands/explain.hpp"

#include "core/support/base64.hpp"
#include "core/support/json.hpp"
#include "tests/core/app/program_run.hpp"
#include "tests/support/pki.hpp"

#include <gmock/gmock.h>

namespace rcb::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// A broker file with three rules, one of them for everything that the others leave.
class Explain : public testing::Test {
 protected:
  Explain() {
    folder_.write("password", "hunter2-hunter2-hunter2\n", 0600);
    config_ = folder_.write("config.yaml", R"(apiVersion: registry-credential-broker/v1alpha1
kind: BrokerConfig
providers:
- name: cloudsmith
  module: cloudsmith
  matchImages: ["docker.cloudsmith.test"]
  audience: cloudsmith
  allow:
  - {namespace: "team-*"}
  settings: {organization: acme, service: kubelet-puller, headers: ["X-Api-Key: do-not-show"]}
  annotations:
    cloudsmith.io/org-slug: {setting: organization, oneOf: [acme, globex]}
- name: wide
  module: passthrough
  matchImages: ["*.cloudsmith.test"]
  audience: wide
- name: mirror
  module: static-token
  matchImages: ["mirror.test/team"]
  identity: none
  settings: {username: pull, passwordFile: )" + folder_.path() +
                                               "/password}\n");
  }
  ProgramResult explain(std::vector<std::string> arguments, Environment environment = {}) {
    arguments.insert(arguments.begin(), {"--config", config_, "explain"});
    return runProgramWith(std::move(arguments), {}, std::move(environment));
  }

  TempFolder folder_;
  Pki pki_{folder_.path()};
  std::string caFile_ = pki_.rootFile();
  std::string config_;
};

TEST_F(Explain, ShowsAnExchangeWithoutMakingIt) {
  const ProgramResult result =
      explain({"docker.cloudsmith.test/acme/app", "--namespace", "team-a", "--service-account", "puller"},
              {{"SSL_CERT_FILE", caFile_}});
  EXPECT_EQ(result.status, 0) << result.errors;
  EXPECT_EQ(result.output, R"(image     docker.cloudsmith.test/acme/app
rule      cloudsmith (docker.cloudsmith.test): selected: the most specific match
rule      wide (*.cloudsmith.test): matches, less specific
identity  team-a/puller, audience cloudsmith
provider  cloudsmith
setting   organization = acme
setting   service = kubelet-puller
setting   apiHost = api.cloudsmith.io
setting   path = /openid/{organization}/
setting   headers = (not shown)
contacts  api.cloudsmith.io (setting apiHost)
exchange  POST https://api.cloudsmith.io/openid/acme/
          X-Api-Key: (not shown)
          Content-Type: application/json
          {"oidc_token":"<service account token>","service_slug":"kubelet-puller"}
proxy     none
trust     )" + caFile_ + R"( (SSL_CERT_FILE)
answer    key docker.cloudsmith.test, cacheKeyType Registry
cache     the credential's remaining lifetime minus a margin (10 %, at least one minute), at most 12h0m0s
)");
}

TEST_F(Explain, AppliesAnnotations) {
  EXPECT_THAT(
      explain({"docker.cloudsmith.test/a", "--namespace", "team-a", "--annotation", "cloudsmith.io/org-slug=globex"})
          .output,
      HasSubstr("https://api.cloudsmith.io/openid/globex/"));
}

TEST_F(Explain, ShowsARefusalWithThePluginsOwnLineAndStatus) {
  const ProgramResult notAllowed = explain({"docker.cloudsmith.test/a", "--namespace", "kube-system"});
  EXPECT_EQ(notAllowed.status, 77);
  EXPECT_THAT(notAllowed.output,
              AllOf(HasSubstr("refused"), HasSubstr("code=not-allowed"), Not(HasSubstr("exchange  "))));
  const ProgramResult annotation =
      explain({"docker.cloudsmith.test/a", "--namespace", "team-a", "--annotation", "cloudsmith.io/org-slug=evil"});
  EXPECT_EQ(annotation.status, 77);
  EXPECT_THAT(annotation.output, HasSubstr("code=annotation-refused"));
}

TEST_F(Explain, ShowsTheAnswerOfAProviderThatNeedsNoExchange) {
  const ProgramResult result = explain({"mirror.test/team/app"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, AllOf(HasSubstr("key mirror.test/team, cacheKeyType Image"), HasSubstr("user name pull"),
                                   HasSubstr("cache     5m0s"), Not(HasSubstr("hunter2"))));
}

TEST_F(Explain, TakesTheIdentityFromATokenFileAndNeverShowsIt) {
  const std::string claims = R"({"aud":["cloudsmith"],"exp":4102444800,"sub":"system:serviceaccount:team-b:builder"})";
  const std::string token = encodeBase64Url(R"({"alg":"ES256"})") + "." + encodeBase64Url(claims) + ".canary-signature";
  const std::string file = folder_.write("token", token + "\n", 0600);
  const ProgramResult result = explain({"docker.cloudsmith.test/a", "--token-file", file, "--output", "json"});
  EXPECT_EQ(result.status, 0) << result.errors;
  EXPECT_THAT(result.output, AllOf(HasSubstr(R"("identity": "team-b/builder")"), Not(HasSubstr("canary-signature"))));
}

TEST_F(Explain, WritesJsonThatParses) {
  for (const std::string image : {"docker.cloudsmith.test/a", "mirror.test/team/app"}) {
    const ProgramResult result = explain({image, "--namespace", "team-a", "--output", "json"});
    const auto parsed = parseJson(result.output);
    ASSERT_TRUE(std::holds_alternative<Json>(parsed)) << result.output;
    EXPECT_EQ(*std::get<Json>(parsed).find("image")->string(), image);
    const Json* answer = std::get<Json>(parsed).find("answer");
    ASSERT_NE(answer, nullptr);
    EXPECT_NE(answer->find("cacheDurationSeconds") == nullptr, answer->find("maxCacheDurationSeconds") == nullptr);
  }
}

TEST_F(Explain, SaysOfEachPatternWhyItDoesNotMatchWhereNoneDoes) {
  const ProgramResult result = explain({"mirror.test/other/app"});
  EXPECT_EQ(result.status, 66);
  EXPECT_EQ(result.errors, "");
  EXPECT_THAT(
      result.output,
      AllOf(HasSubstr("rule     cloudsmith (docker.cloudsmith.test): does not match: the pattern's host has 3 parts "
                      "between dots, the image's 2\n"),
            HasSubstr("rule     mirror (mirror.test/team): does not match: the image's path does not begin with "
                      "/team\n"),
            HasSubstr("refused  no rule of " + config_), HasSubstr("code=no-rule"), Not(HasSubstr("answer")),
            // What the plugin's line says besides is to run this command.
            Not(HasSubstr("explain"))));
  const ProgramResult json = explain({"mirror.test/other/app", "--output", "json"});
  EXPECT_EQ(json.status, 66);
  const auto parsed = parseJson(json.output);
  ASSERT_TRUE(std::holds_alternative<Json>(parsed)) << json.output;
  EXPECT_EQ(std::get<Json>(parsed).find("rules")->array()->size(), 3u);
  EXPECT_NE(std::get<Json>(parsed).at("/rules/2/mismatch"), nullptr);
}

TEST_F(Explain, SaysThatItAssumesAnIdentityWhereNoneIsGiven) {
  const std::string assumed = "(assumed; choose another with --namespace and --service-account)";
  EXPECT_THAT(explain({"eu.cloudsmith.test/a"}).output,
              HasSubstr("identity  default/default, audience wide\n          " + assumed));
  EXPECT_THAT(explain({"eu.cloudsmith.test/a", "--namespace", "team-a"}).output,
              AllOf(HasSubstr("identity  team-a/default"), Not(HasSubstr("assumed"))));
  EXPECT_THAT(explain({"eu.cloudsmith.test/a", "--service-account", "puller"}).output,
              AllOf(HasSubstr("identity  default/puller"), Not(HasSubstr("assumed"))));
  EXPECT_THAT(explain({"mirror.test/team/app"}).output, Not(HasSubstr("assumed")));
}

TEST_F(Explain, NamesAnnotationsThatNoSettingIsBoundTo) {
  const ProgramResult result =
      explain({"docker.cloudsmith.test/a", "--namespace", "team-a", "--annotation", "cloudsmith.io/org-slug=globex",
               "--annotation", "cloudsmith.io/service-slug=other"});
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("annotation  cloudsmith.io/service-slug: ignored, the rule binds no setting to it\n"),
                    Not(HasSubstr("org-slug: ignored"))));
}

TEST_F(Explain, NamesTheProxyAndTheTrustOfTheExchange) {
  const std::vector<std::string> arguments = {"docker.cloudsmith.test/a", "--namespace", "team-a"};
  EXPECT_THAT(
      explain(arguments, {{"SSL_CERT_FILE", caFile_}, {"HTTPS_PROXY", "http://u:hunter2@proxy.test:3128"}}).output,
      AllOf(HasSubstr("proxy     proxy.test:3128 (HTTPS_PROXY)\n"),
            HasSubstr("trust     " + caFile_ + " (SSL_CERT_FILE)\n"), Not(HasSubstr("hunter2"))));
}

TEST_F(Explain, RefusesAnInvalidImage) { EXPECT_EQ(explain({"no-registry"}).status, 65); }

TEST(ExplainDropIn, ExplainsWhatThePluginsVariablesMean) {
  const ProgramResult result =
      runProgramWith({"explain", "docker.cloudsmith.io/acme/app", "--annotation", "cloudsmith.io/service-slug=other"},
                     {}, {{"CLOUDSMITH_ORG_SLUG", "acme"}, {"CLOUDSMITH_SERVICE_SLUG", "puller"}});
  EXPECT_EQ(result.status, 0) << result.errors;
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("https://api.cloudsmith.io/openid/acme/"), HasSubstr("\"service_slug\":\"other\""),
                    HasSubstr("key docker.cloudsmith.io, cacheKeyType Registry")));
}

TEST(ExplainDropIn, RefusesAHostFromAnAnnotation) {
  const ProgramResult result =
      runProgramWith({"explain", "docker.cloudsmith.io/acme/app", "--annotation", "cloudsmith.io/api-host=evil.test"},
                     {}, {{"CLOUDSMITH_ORG_SLUG", "acme"}, {"CLOUDSMITH_SERVICE_SLUG", "puller"}});
  EXPECT_EQ(result.status, 77);
  EXPECT_THAT(result.output, HasSubstr("code=annotation-refused"));
}

}  // namespace
}  // namespace rcb::test
