#include "core/settings/yaml_document.hpp"
#include "tests/core/app/program_run.hpp"
#include "tests/support/file_content.hpp"

#include <gmock/gmock.h>

namespace rcb::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr int kConfigStatus = 78;

constexpr const char* kThreeRules =
    "- {name: hub, module: cloudsmith, matchImages: [docker.test], audience: cloudsmith, settings: {organization: a, "
    "service: b}}\n"
    "- {name: own, module: passthrough, matchImages: [own.test], audience: own.test}\n"
    "- {name: mirror, module: static-token, matchImages: [mirror.test], identity: none, settings: {username: a, "
    "passwordFile: /nowhere}}\n";

class Render : public testing::Test {
 protected:
  static std::string fileWith(const std::string& rules) {
    return "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders:\n" + rules;
  }
  ProgramResult render(std::vector<std::string> arguments, const std::string& rules = kThreeRules) {
    file_ = folder_.write("broker.yaml", fileWith(rules));
    arguments.insert(arguments.begin(), "render");
    arguments.insert(arguments.end(), {"-f", file_});
    return runProgramWith(std::move(arguments));
  }

  TempFolder folder_;
  std::string file_;
};

// --- render kubelet ---

TEST_F(Render, MakesAnEntryForEachNeed) {
  const ProgramResult result = render({"kubelet", "--kubernetes", "1.34"});
  EXPECT_EQ(result.status, 0) << result.errors;
  EXPECT_EQ(result.errors, "");
  EXPECT_EQ(result.output,
            "# Kubernetes 1.34: the kubelet's --image-credential-provider-config, made by\n"
            "# `registry-credential-broker render kubelet`.\n"
            "# The program reads its rules from " +
                file_ + ".\n" +
                R"(# Links to the program in --image-credential-provider-bin-dir: registry-credential-broker-own,
# registry-credential-broker-mirror.
apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
- name: registry-credential-broker
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages:
  - docker.test
  defaultCacheDuration: 0s
  tokenAttributes:
    serviceAccountTokenAudience: cloudsmith
    cacheType: ServiceAccount
    requireServiceAccount: true
  args:
  - "--config"
  - )" + file_ + R"(
- name: registry-credential-broker-own
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages:
  - own.test
  defaultCacheDuration: 0s
  tokenAttributes:
    serviceAccountTokenAudience: own.test
    cacheType: Token
    requireServiceAccount: true
  args:
  - "--config"
  - )" + file_ + R"(
- name: registry-credential-broker-mirror
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages:
  - mirror.test
  defaultCacheDuration: 0s
  args:
  - "--config"
  - )" + file_ + "\n");
}

TEST_F(Render, TakesStdinForADraftOfTheDefaultFile) {
  const ProgramResult result =
      runProgramWith({"render", "kubelet", "--kubernetes", "1.34", "-f", "-"}, fileWith(kThreeRules));
  EXPECT_EQ(result.status, 0) << result.errors;
  EXPECT_THAT(result.output, AllOf(HasSubstr("rules from /etc/registry-credential-broker/config.yaml."),
                                   HasSubstr("name: registry-credential-broker-own"), Not(HasSubstr("args"))));
}

TEST_F(Render, SaysBefore133WhatItLeavesOut) {
  const ProgramResult result = render({"kubelet", "--kubernetes", "v1.32.13"});
  EXPECT_EQ(result.status, 0) << result.errors;
  EXPECT_THAT(result.output, AllOf(HasSubstr("- name: registry-credential-broker-mirror\n"), Not(HasSubstr("own.test")),
                                   Not(HasSubstr("tokenAttributes")), HasSubstr("rules hub, own.")));
  EXPECT_EQ(result.errors,
            "registry-credential-broker: Left out, since they need a service account token, which a kubelet passes to "
            "plugins from 1.33 on: rules hub, own.\n");
}

TEST_F(Render, RefusesAVersionThatNoRuleSuits) {
  const ProgramResult result =
      render({"kubelet", "--kubernetes", "1.26"},
             "- {name: own, module: passthrough, matchImages: [own.test], audience: own.test}\n");
  EXPECT_EQ(result.status, kConfigStatus);
  EXPECT_EQ(result.output, "");
  EXPECT_THAT(result.errors, AllOf(HasSubstr("no rule can be rendered for Kubernetes 1.26: all of them need a service "
                                             "account token, which a kubelet passes to plugins from 1.33 on"),
                                   HasSubstr("code=config-invalid"), HasSubstr("identity: none")));
}

TEST_F(Render, NamesTheFeatureGateOf133) {
  const ProgramResult result = render({"kubelet", "--kubernetes", "1.33"});
  EXPECT_THAT(result.output, AllOf(HasSubstr("KubeletServiceAccountTokenForCredentialProviders=true"),
                                   HasSubstr("serviceAccountTokenAudience: own.test"), Not(HasSubstr("cacheType"))));
}

TEST_F(Render, TakesANewerVersionForTheNewestItKnowsAndSaysSo) {
  const ProgramResult result = render({"kubelet", "--kubernetes", "1.99"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, AllOf(HasSubstr("# Kubernetes 1.99 is newer than this program, which takes it for 1.37."),
                                   HasSubstr("cacheType: Token")));
  EXPECT_THAT(result.errors, HasSubstr("Kubernetes 1.99 is newer than this program"));
}

TEST_F(Render, WritesJsonWithoutCommentsAndNotesToStderr) {
  const ProgramResult result = render({"kubelet", "--kubernetes", "1.32", "-o", "json"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output,
              AllOf(testing::StartsWith("{\n"), HasSubstr("\"kind\": \"CredentialProviderConfig\""),
                    HasSubstr("\"name\": \"registry-credential-broker-mirror\""), Not(HasSubstr("Left out"))));
  EXPECT_THAT(result.errors, HasSubstr("Left out"));
}

TEST_F(Render, PassesAnnotationsOn) {
  const ProgramResult result =
      render({"kubelet", "--kubernetes", "1.34"},
             "- {name: hub, module: cloudsmith, matchImages: [docker.test], audience: x, settings: {organization: a}, "
             "annotations: {k/org: {setting: organization}, k/service: {setting: service}}}\n");
  EXPECT_THAT(result.output, HasSubstr("    requiredServiceAccountAnnotationKeys:\n    - k/service\n"
                                       "    optionalServiceAccountAnnotationKeys:\n    - k/org\n"));
}

TEST_F(Render, OpensModulesUnlessItIsToldNotTo) {
  const std::string rules =
      "- {name: far, module: far-away, matchImages: [far.test], audience: far, annotations: {k: {setting: x}}}\n";
  const ProgramResult opened = render({"kubelet", "--kubernetes", "1.34"}, rules);
  EXPECT_EQ(opened.status, kConfigStatus);
  EXPECT_EQ(opened.output, "");
  EXPECT_THAT(opened.errors, AllOf(HasSubstr("far-away"), HasSubstr("code=module-refused")));

  const ProgramResult skipped = render({"kubelet", "--kubernetes", "1.34", "--skip-files"}, rules);
  EXPECT_EQ(skipped.status, 0) << skipped.errors;
  EXPECT_THAT(skipped.output, AllOf(HasSubstr("Not opened: far-away."), HasSubstr("cacheType: Token\n"),
                                    HasSubstr("optionalServiceAccountAnnotationKeys:\n    - k\n")));
}

TEST_F(Render, RefusesABrokerFileWithAProblem) {
  for (const char* command : {"rbac", "links"}) {
    const ProgramResult result =
        render({command}, "- {name: a, module: passthrough, matchImages: [\"a.test/*\"], audience: x}\n");
    EXPECT_EQ(result.status, kConfigStatus);
    EXPECT_EQ(result.output, "");
    EXPECT_THAT(result.errors, AllOf(HasSubstr("providers[0].matchImages[0]"), HasSubstr("validate")));
  }
  const ProgramResult result = runProgramWith({"render", "rbac", "-f", "-"}, "providers: [");
  EXPECT_EQ(result.status, kConfigStatus);
  EXPECT_THAT(result.errors, HasSubstr("stdin"));
}

TEST_F(Render, RefusesTheConfigurationOfAnotherPlugin) {
  for (std::vector<std::string> arguments :
       {std::vector<std::string>{"kubelet", "--kubernetes", "1.34"}, {"rbac"}, {"links"}}) {
    arguments.insert(arguments.begin(), "render");
    const ProgramResult result =
        runProgramWith(arguments, "", {{"CLOUDSMITH_ORG_SLUG", "acme"}, {"CLOUDSMITH_SERVICE_SLUG", "puller"}});
    EXPECT_EQ(result.status, kConfigStatus);
    EXPECT_THAT(result.errors, HasSubstr("the rules of a broker file are needed"));
  }
}

// --- render links ---

TEST_F(Render, ListsTheFurtherNamesOfTheProgram) {
  const ProgramResult result = render({"links"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, "registry-credential-broker-own\nregistry-credential-broker-mirror\n");
  EXPECT_EQ(render({"links"}, "- {name: a, module: passthrough, matchImages: [a.test], audience: x}\n").output, "");
}

// --- render rbac ---

TEST_F(Render, GrantsNodesTheTokensOfTheAudiencesAndNothingElse) {
  const ProgramResult result = render({"rbac"});
  EXPECT_EQ(result.status, 0) << result.errors;
  EXPECT_EQ(result.errors, "");
  EXPECT_THAT(result.output, AllOf(HasSubstr("  resources:\n  - cloudsmith\n  - own.test\n  verbs:\n"
                                             "  - request-serviceaccounts-token-audience\n---\n"),
                                   HasSubstr("  kind: Group\n  name: system:nodes\n"), Not(HasSubstr("secrets")),
                                   Not(HasSubstr("*")), Not(HasSubstr("serviceaccounts\n"))));
}

TEST_F(Render, LetsNodesReadAccountsWhereTheyCannotByThemselves) {
  EXPECT_THAT(render({"rbac", "--kubernetes", "1.33"}).output,
              HasSubstr("  resources:\n  - serviceaccounts\n  verbs:\n  - get\n"));
  EXPECT_THAT(render({"rbac", "--kubernetes", "1.34"}).output, Not(HasSubstr("- serviceaccounts")));
}

TEST_F(Render, GrantsNothingWhereNoTokenIsNeeded) {
  const std::string none =
      "- {name: m, module: static-token, matchImages: [m.test], identity: none, settings: {username: a, passwordFile: "
      "/nowhere}}\n";
  EXPECT_EQ(render({"rbac"}, none).output,
            "# No rule needs a service account token, so kubelets need no access rules.\n");
  EXPECT_EQ(render({"rbac", "--kubernetes", "1.32"}).output,
            "# A kubelet of 1.32 passes no service account tokens, so it needs no access rules.\n");
}

TEST_F(Render, RefusesAnAudienceThatIsEveryAudienceToTheCluster) {
  const ProgramResult result =
      render({"rbac"}, "- {name: wide, module: passthrough, matchImages: [a.test], audience: \"*\"}\n");
  EXPECT_EQ(result.status, kConfigStatus);
  EXPECT_THAT(result.errors, HasSubstr("the audience of rule wide is *"));
}

TEST_F(Render, WarnsOfTheApiServersOwnAudience) {
  for (const char* audience :
       {"https://kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "kubernetes"}) {
    const ProgramResult result = render(
        {"rbac"}, "- {name: a, module: passthrough, matchImages: [a.test], audience: " + std::string(audience) + "}\n");
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.output, HasSubstr("# " + std::string(audience) + " is usually the audience")) << audience;
    EXPECT_THAT(result.errors, HasSubstr("own API server"));
  }
  EXPECT_EQ(render({"rbac"},
                   "- {name: a, module: passthrough, matchImages: [a.test], audience: "
                   "kubernetes.default.svcx}\n")
                .errors,
            "");
}

// --- The samples ---

// A YAML document without comments and style.
std::string plain(const YamlNode& node) {
  std::string text = node.isScalar() ? "<" + std::string(node.text) + ">" : node.isList() ? "[" : "{";
  for (const YamlNode& child : node.children) text += std::string(child.key) + ":" + plain(child) + "\n";
  return text;
}

std::vector<std::string> documentsIn(const std::string& text) {
  std::vector<std::string> documents;
  for (std::size_t at = 0; at != std::string::npos;) {
    const std::size_t end = text.find("---\n", at);
    const std::string one = text.substr(at, end == std::string::npos ? end : end - at);
    ProblemList problems;
    const auto document = readYaml(one, problems);
    documents.push_back(document ? plain(document->root) : "invalid: " + one);
    at = end == std::string::npos ? end : end + 4;
  }
  return documents;
}

TEST_F(Render, MakesTheSamplesOfTheKubeletsFiles) {
  const std::string samples = RCB_SOURCE_DIR "/config/samples/";
  struct Sample {
    const char* name;
    std::vector<std::string> arguments;
  };
  for (const Sample& sample : {Sample{"credential-provider-config.yaml", {"kubelet", "--kubernetes", "1.34"}},
                               Sample{"credential-provider-config-1.33.yaml", {"kubelet", "--kubernetes", "1.33"}},
                               Sample{"rbac.yaml", {"rbac", "--kubernetes", "1.33"}}}) {
    std::vector<std::string> arguments{"render"};
    arguments.insert(arguments.end(), sample.arguments.begin(), sample.arguments.end());
    arguments.insert(arguments.end(), {"-f", "-"});
    const ProgramResult result = runProgramWith(arguments, contentOf(samples + "broker-cloudsmith-annotations.yaml"));
    EXPECT_EQ(documentsIn(contentOf(samples + "kubelet/" + sample.name)), documentsIn(result.output)) << sample.name;
  }
}

}  // namespace
}  // namespace rcb::test
