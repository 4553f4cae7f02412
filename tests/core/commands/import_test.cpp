#include "core/commands/import.hpp"

#include "tests/core/app/program_run.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>

namespace rcb::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kHead = "apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:\n";

std::string entry(const std::string& name, const std::string& image, const std::string& more = "") {
  return "- name: " + name + "\n  apiVersion: credentialprovider.kubelet.k8s.io/v1\n  defaultCacheDuration: 1h\n" +
         "  matchImages: [\"" + image + "\"]\n" + more;
}

std::string tokens(const std::string& audience, const std::string& more = "") {
  return "  tokenAttributes:\n    serviceAccountTokenAudience: " + audience +
         "\n    cacheType: ServiceAccount\n    requireServiceAccount: true\n" + more;
}

std::string cloudsmith(const std::string& image = "docker.cloudsmith.io") {
  return entry(
      "cloudsmith-kubernetes-credential-provider", image,
      "  env:\n  - {name: CLOUDSMITH_ORG_SLUG, value: acme}\n  - {name: CLOUDSMITH_SERVICE_SLUG, value: puller}\n" +
          tokens("cloudsmith"));
}

class Import : public testing::Test {
 protected:
  ProgramResult import(const std::string& text, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"import", folder_.write("kubelet.yaml", text)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runProgramWith(arguments);
  }

  TempFolder folder_;
};

TEST_F(Import, PrintsAFileThatValidates) {
  const ProgramResult imported = import(kHead + cloudsmith());
  EXPECT_EQ(imported.status, 0) << imported.errors;
  EXPECT_THAT(imported.output, HasSubstr("- name: cloudsmith\n  module: cloudsmith\n  matchImages:\n"
                                         "  - docker.cloudsmith.io\n  audience: cloudsmith\n  settings:\n"
                                         "    organization: acme\n    service: puller\n"));
  const ProgramResult validated = runProgramWith({"validate", "--config", "-", "--skip-files"}, imported.output);
  EXPECT_EQ(validated.status, 0) << validated.output;
}

TEST_F(Import, KeepsEveryEntryInSight) {
  const ProgramResult imported = import(kHead + cloudsmith() + entry("unheard-of", "registry.example.com") +
                                        entry("ecr-credential-provider", "*.dkr.ecr.*.amazonaws.com") +
                                        entry("registry-credential-broker", "r.example.com", tokens("r")));
  EXPECT_EQ(imported.status, 0) << imported.errors;
  EXPECT_THAT(imported.output, HasSubstr(": 1 of 4 entries."));
  EXPECT_THAT(imported.output, HasSubstr("# Not imported: unheard-of (providers[1]"));
  EXPECT_THAT(imported.output, HasSubstr("# Not imported: ecr-credential-provider (providers[2]"));
  EXPECT_THAT(imported.output, HasSubstr("the plugin pulls with an identity of the node"));
  EXPECT_THAT(imported.errors, HasSubstr("providers[0]: cloudsmith-kubernetes-credential-provider: 1 rule\n"));
  EXPECT_THAT(imported.errors, HasSubstr("providers[1]: unheard-of: not imported: "));
  EXPECT_THAT(imported.errors, HasSubstr("providers[3]: registry-credential-broker: not imported: It is an entry of"));
  EXPECT_EQ(std::count(imported.errors.begin(), imported.errors.end(), '\n'), 4);
}

TEST_F(Import, SaysWhatToFillInAndFailsUntilThatIsDone) {
  const ProgramResult imported =
      import(kHead + entry("ecr-credential-provider", "111122223333.dkr.ecr.us-west-2.amazonaws.com",
                           tokens("sts.amazonaws.com")));
  EXPECT_EQ(imported.status, 78);
  EXPECT_THAT(imported.output,
              HasSubstr("    roleArn: \"\"  # fill in: the IAM role that trusts the cluster's issuer\n"));
  EXPECT_THAT(imported.errors, HasSubstr("complete the file before you use it"));
  EXPECT_THAT(imported.errors, HasSubstr("providers[0].settings.roleArn: is empty"));
  std::string filled = imported.output;
  filled.replace(filled.find("\"\"  #"), 2, "arn:aws:iam::111122223333:role/pull");
  EXPECT_EQ(runProgramWith({"validate", "--config", "-", "--skip-files"}, filled).status, 0);
}

TEST_F(Import, FailsIfNoEntryBecameARule) {
  const ProgramResult imported = import(kHead + entry("auth-provider-gcp", "gcr.io"));
  EXPECT_EQ(imported.status, 78);
  EXPECT_THAT(imported.errors, HasSubstr("complete the file before you use it"));
}

TEST_F(Import, ReportsRulesThatTheKubeletWouldTryInTurn) {
  const ProgramResult imported = import(
      kHead + cloudsmith() +
      entry("jfrog-credentials-provider", "docker.cloudsmith.io",
            "  env:\n  - {name: cloud_provider, value: azure}\n  - {name: artifactory_url, value: acme.jfrog.io}\n"
            "  - {name: jfrog_oidc_provider_name, value: aks}\n" +
                tokens("x")));
  EXPECT_EQ(imported.status, 78);
  EXPECT_THAT(imported.errors, HasSubstr("matchImages"));
}

TEST_F(Import, NamesTheRulesOfOneModuleInOrder) {
  const ProgramResult imported =
      import(kHead + cloudsmith("a.example.com") +
             entry("cloudsmith-kubernetes-credential-provider-b", "b.example.com",
                   tokens("cloudsmith",
                          "    optionalServiceAccountAnnotationKeys: [cloudsmith.io/org-slug, "
                          "cloudsmith.io/service-slug]\n")));
  EXPECT_EQ(imported.status, 0) << imported.errors;
  EXPECT_THAT(imported.output, AllOf(HasSubstr("- name: cloudsmith\n"), HasSubstr("- name: cloudsmith-2\n")));
  EXPECT_THAT(imported.output, HasSubstr("    cloudsmith.io/org-slug: {setting: organization}\n"));
}

TEST_F(Import, ReadsJsonAndAFolderAsTheKubeletDoes) {
  const std::string json =
      R"({"apiVersion":"kubelet.config.k8s.io/v1","kind":"CredentialProviderConfig","providers":[{"name":)"
      R"("ecr-credential-provider","matchImages":["111122223333.dkr.ecr.us-west-2.amazonaws.com"],)"
      R"("defaultCacheDuration":"12h0m0s","apiVersion":"credentialprovider.kubelet.k8s.io/v1","env":[{"name":)"
      R"("AWS_ECR_ROLE_ARN","value":"arn:aws:iam::111122223333:role/pull"}],"tokenAttributes":{)"
      R"("serviceAccountTokenAudience":"sts.amazonaws.com","cacheType":"Token","requireServiceAccount":false}}]})";
  const std::string folder = folder_.path() + "/conf.d";
  ASSERT_EQ(::mkdir(folder.c_str(), 0755), 0);
  folder_.write("conf.d/20-ecr.json", json);
  folder_.write("conf.d/10-cloudsmith.yml", kHead + cloudsmith());
  folder_.write("conf.d/30-ignored.txt", "not: [a kubelet's file");
  const ProgramResult imported = runProgramWith({"import", folder});
  EXPECT_EQ(imported.status, 0) << imported.errors;
  EXPECT_LT(imported.output.find("module: cloudsmith"), imported.output.find("module: ecr"));
  EXPECT_THAT(imported.output, HasSubstr("requireServiceAccount is false"));
  EXPECT_THAT(imported.output, HasSubstr("20-ecr.json"));
}

TEST_F(Import, AcceptsAFileOf133WithoutAVersionAndRefusesItForALaterOne) {
  std::string text = kHead + cloudsmith();
  const std::string line = "    cacheType: ServiceAccount\n";
  text.erase(text.find(line), line.size());
  EXPECT_EQ(import(text).status, 0);
  EXPECT_EQ(import(text, {"--kubernetes", "1.33"}).status, 0);
  const ProgramResult refused = import(text, {"--kubernetes", "1.34"});
  EXPECT_EQ(refused.status, 78);
  EXPECT_THAT(refused.errors, AllOf(HasSubstr("cacheType"), HasSubstr("code=config-invalid")));
  EXPECT_EQ(refused.output, "");
}

TEST_F(Import, RefusesWhatAKubeletRefuses) {
  for (const std::string text : {"", "a", "[]", "apiVersion: v1\nkind: Secret\n", "providers: [", "\x01"}) {
    const ProgramResult refused = import(text);
    EXPECT_EQ(refused.status, 78) << text;
    EXPECT_EQ(refused.output, "") << text;
    EXPECT_THAT(refused.errors, StartsWith("registry-credential-broker: ")) << text;
  }
}

TEST_F(Import, SaysThatItCannotReadTheFile) {
  const ProgramResult refused = runProgramWith({"import", folder_.path() + "/missing.yaml"});
  EXPECT_EQ(refused.status, 78);
  EXPECT_THAT(refused.errors, AllOf(HasSubstr("No such file or directory"), HasSubstr("code=file-unreadable")));
  EXPECT_EQ(runProgramWith({"import"}).status, 64);
  EXPECT_EQ(runProgramWith({"import", "a", "--kubernetes", "1.9"}).status, 64);
  EXPECT_EQ(runProgramWith({"import", "a", "--kubernetes", "latest"}).status, 64);
}

// Whatever an entry's strings are, the output has the rules that its comments say and no more.
TEST_F(Import, NothingInAnEntryEndsACommentOrAddsAKey) {
  const std::string hostile = R"("x\n- name: evil\r\n  module: evil # \"})";
  const ProgramResult imported = import(
      kHead +
      entry(
          "cloudsmith-kubernetes-credential-provider", "docker.cloudsmith.io",
          "  args: [\"--x\\n- name: evil\", \"\\u2028evil: 1\"]\n  env:\n  - {name: CLOUDSMITH_ORG_SLUG, value: acme}\n"
          "  - {name: CLOUDSMITH_SERVICE_SLUG, value: " +
              hostile + "\"}\n  - {name: \"A\\nevil: 1\", value: b}\n" + tokens("cloudsmith")));
  EXPECT_THAT(imported.output, Not(HasSubstr("\nevil")));
  EXPECT_THAT(imported.output, Not(HasSubstr("\n- name: evil")));
  EXPECT_NE(imported.status, 0);
}

TEST_F(Import, ShowsNoValueOfAVariableThatItDoesNotTranslate) {
  const ProgramResult imported =
      import(kHead + entry("cloudsmith-kubernetes-credential-provider", "docker.cloudsmith.io",
                           "  env:\n  - {name: CLOUDSMITH_ORG_SLUG, value: acme}\n"
                           "  - {name: CLOUDSMITH_SERVICE_SLUG, value: puller}\n"
                           "  - {name: HTTPS_PROXY, value: \"http://u:canary@proxy:3128\"}\n"
                           "  - {name: API_KEY, value: canary}\n" +
                               tokens("cloudsmith")));
  EXPECT_EQ(imported.status, 0) << imported.errors;
  EXPECT_THAT(imported.output, HasSubstr("Keep HTTPS_PROXY under env of the kubelet's entry"));
  EXPECT_THAT(imported.output + imported.errors, Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace rcb::test
