#include "compat/known_plugins.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace rcb {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

// An entry whose pods' tokens have this audience.
ProviderEntry entryWith(std::string audience, std::vector<std::string> matchImages) {
  ProviderEntry entry;
  entry.matchImages = std::move(matchImages);
  entry.tokenAttributes = TokenAttributes{.audience = std::move(audience), .cacheType = "ServiceAccount"};
  return entry;
}

ImportedEntry import(std::string_view program, const ProviderEntry& entry) {
  const auto plugins = knownPlugins();
  const auto plugin =
      std::find_if(plugins.begin(), plugins.end(), [&](const KnownPlugin& known) { return known.program == program; });
  return plugin == plugins.end() ? ImportedEntry{} : plugin->read(entry);
}

// (setting, value), of a map (setting.entry, value).
std::vector<std::pair<std::string, std::string>> settingsOf(const ImportedRule& rule) {
  std::vector<std::pair<std::string, std::string>> settings;
  for (const Setting& setting : rule.settings) {
    settings.emplace_back(setting.entry.empty() ? setting.name : setting.name + "." + setting.entry, setting.value);
  }
  return settings;
}

std::vector<std::pair<std::string, std::string>> annotationsOf(const ImportedRule& rule) {
  std::vector<std::pair<std::string, std::string>> annotations;
  for (const AnnotationBinding& binding : rule.annotations)
    annotations.emplace_back(binding.annotation, binding.setting);
  return annotations;
}

std::vector<std::string> missingIn(const ImportedRule& rule) {
  std::vector<std::string> names;
  for (const MissingSetting& missing : rule.missing) names.push_back(missing.setting);
  return names;
}

TEST(KnownPlugins, HasEachProgramOnceAndSaysWhatToDoWithoutAToken) {
  std::vector<std::string_view> programs;
  for (const KnownPlugin& plugin : knownPlugins()) {
    programs.push_back(plugin.program);
    EXPECT_THAT(std::string(plugin.insteadOfNode), HasSubstr("docs/")) << plugin.program;
  }
  EXPECT_TRUE(std::is_sorted(programs.begin(), programs.end()));
  EXPECT_EQ(std::adjacent_find(programs.begin(), programs.end()), programs.end());
}

// --- Amazon's ---

ProviderEntry ecrEntry() { return entryWith("sts.amazonaws.com", {"*.dkr.ecr.*.amazonaws.com", "public.ecr.aws"}); }

TEST(ImportEcr, TakesTheRoleFromTheVariableAndTheAnnotation) {
  ProviderEntry entry = ecrEntry();
  entry.env = {{"AWS_ECR_ROLE_ARN", "arn:aws:iam::111122223333:role/pull"}};
  entry.tokenAttributes->optionalAnnotationKeys = {"eks.amazonaws.com/ecr-role-arn"};
  const ImportedEntry imported = import("ecr-credential-provider", entry);
  ASSERT_EQ(imported.rules.size(), 1U);
  const ImportedRule& rule = imported.rules.front();
  EXPECT_EQ(rule.module, "ecr");
  EXPECT_EQ(rule.matchImages, entry.matchImages);
  EXPECT_THAT(settingsOf(rule), ElementsAre(Pair("roleArn", "arn:aws:iam::111122223333:role/pull")));
  EXPECT_THAT(annotationsOf(rule), ElementsAre(Pair("eks.amazonaws.com/ecr-role-arn", "roleArn")));
  EXPECT_THAT(rule.missing, IsEmpty());
}

TEST(ImportEcr, AsksForARoleIfTheEntryHasNone) {
  const ImportedEntry imported = import("ecr-credential-provider", ecrEntry());
  ASSERT_EQ(imported.rules.size(), 1U);
  EXPECT_THAT(missingIn(imported.rules.front()), ElementsAre("roleArn"));
  EXPECT_THAT(imported.notes, Contains(HasSubstr("so the plugin used the node's")));
}

TEST(ImportEcr, SaysThatPodsWithoutARoleAreRefused) {
  ProviderEntry entry = ecrEntry();
  entry.tokenAttributes->requiredAnnotationKeys = {"eks.amazonaws.com/ecr-role-arn"};
  const ImportedEntry imported = import("ecr-credential-provider", entry);
  EXPECT_THAT(missingIn(imported.rules.front()), IsEmpty());
  EXPECT_THAT(imported.notes, Contains(HasSubstr("does not name a role is refused")));
}

TEST(ImportEcr, TakesEndpointsOfTheServices) {
  ProviderEntry entry = ecrEntry();
  entry.env = {{"AWS_ECR_ROLE_ARN", "arn:aws:iam::111122223333:role/pull"},
               {"AWS_ENDPOINT_URL_STS", "https://vpce-1.sts.us-west-2.vpce.amazonaws.com"},
               {"AWS_ENDPOINT_URL_ECR", "https://vpce-2.api.ecr.us-west-2.vpce.amazonaws.com"}};
  EXPECT_THAT(settingsOf(import("ecr-credential-provider", entry).rules.front()),
              ElementsAre(Pair("roleArn", "arn:aws:iam::111122223333:role/pull"),
                          Pair("stsUrl", "https://vpce-1.sts.us-west-2.vpce.amazonaws.com"),
                          Pair("ecrUrl", "https://vpce-2.api.ecr.us-west-2.vpce.amazonaws.com")));
}

TEST(ImportEcr, NamesWhatItLeavesOutAndNeverItsValue) {
  ProviderEntry entry = ecrEntry();
  entry.env = {{"AWS_PROFILE", "hybrid"},
               {"AWS_SECRET_ACCESS_KEY", "canary-secret"},
               {"SOMETHING_ELSE", "canary-else"},
               {"HTTPS_PROXY", "http://user:canary-proxy@proxy.internal:3128"}};
  entry.args = {"--v=4", "--kubeconfig", "/x"};
  const ImportedEntry imported = import("ecr-credential-provider", entry);
  EXPECT_THAT(imported.notes, Contains(HasSubstr("AWS_PROFILE is left out: it chooses credentials of the node")));
  EXPECT_THAT(imported.notes, Contains(HasSubstr("SOMETHING_ELSE is left out: this program does not know it")));
  EXPECT_THAT(imported.notes, Contains(HasSubstr("--v is left out")));
  EXPECT_THAT(imported.notes, Contains(HasSubstr("--kubeconfig is left out: this program does not know it")));
  EXPECT_THAT(imported.notes, Not(Contains(HasSubstr("canary"))));
  EXPECT_THAT(imported.notes, Not(Contains(HasSubstr("HTTPS_PROXY"))));
}

TEST(ImportEcr, TakesTheLastOfTwoValuesAsAProcessDoes) {
  ProviderEntry entry = ecrEntry();
  entry.env = {{"AWS_ECR_ROLE_ARN", "arn:aws:iam::111122223333:role/first"},
               {"AWS_ECR_ROLE_ARN", "arn:aws:iam::111122223333:role/last"}};
  EXPECT_THAT(settingsOf(import("ecr-credential-provider", entry).rules.front()),
              ElementsAre(Pair("roleArn", "arn:aws:iam::111122223333:role/last")));
}

// --- Google's ---

ProviderEntry gcpEntry() {
  ProviderEntry entry = entryWith("acme-prod.svc.id.goog", {"gcr.io", "*.gcr.io", "*.pkg.dev"});
  entry.args = {
      "get-credentials", "--v=3",
      "--identity-provider=https://container.googleapis.com/v1/projects/acme-prod/locations/europe-west1/clusters/c",
      "--project-id", "acme-prod"};
  entry.tokenAttributes->requiredAnnotationKeys = {"iam.gke.io/enable-wi-image-pull"};
  return entry;
}

TEST(ImportGcp, MakesTheAudienceOfTheExchangeFromTheFlags) {
  const ImportedEntry imported = import("auth-provider-gcp", gcpEntry());
  ASSERT_EQ(imported.rules.size(), 1U);
  EXPECT_THAT(settingsOf(imported.rules.front()),
              ElementsAre(Pair("stsAudience",
                               "identitynamespace:acme-prod.svc.id.goog:https://container.googleapis.com/v1/projects/"
                               "acme-prod/locations/europe-west1/clusters/c")));
  EXPECT_THAT(imported.notes, Contains(HasSubstr("iam.gke.io/enable-wi-image-pull is left out")));
  EXPECT_THAT(imported.notes, Not(Contains(HasSubstr("get-credentials"))));
}

TEST(ImportGcp, LeavesOutWhatUsesTheNodesIdentity) {
  ProviderEntry entry = gcpEntry();
  entry.args = {"get-credentials", "--v=3"};
  EXPECT_THAT(import("auth-provider-gcp", entry),
              AllOf(Field(&ImportedEntry::rules, IsEmpty()),
                    Field(&ImportedEntry::notes, ElementsAre(HasSubstr("it uses the node's identity")))));
  entry = gcpEntry();
  entry.args.emplace_back("--authFlow=dockercfg");
  EXPECT_THAT(import("auth-provider-gcp", entry).rules, IsEmpty());
}

TEST(ImportGcp, SaysThatThePluginNeedsTheProject) {
  ProviderEntry entry = gcpEntry();
  entry.args = {"get-credentials", "--identity-provider=https://issuer.example.com"};
  EXPECT_THAT(import("auth-provider-gcp", entry).notes, ElementsAre(HasSubstr("the plugin fails as well")));
}

// --- Azure's ---

ProviderEntry acrEntry() {
  ProviderEntry entry = entryWith("api://AzureADTokenExchange", {"*.azurecr.io", "*.azurecr.cn", "*.azurecr.de",
                                                                 "*.azurecr.us", "mcr.microsoft.com"});
  entry.args = {"/etc/kubernetes/azure.json"};
  entry.tokenAttributes->requiredAnnotationKeys = {"kubernetes.azure.com/acr-client-id",
                                                   "kubernetes.azure.com/acr-tenant-id"};
  return entry;
}

TEST(ImportAcr, KeepsThePatternsOfTheAudiencesCloud) {
  const ImportedEntry imported = import("acr-credential-provider", acrEntry());
  ASSERT_EQ(imported.rules.size(), 1U);
  const ImportedRule& rule = imported.rules.front();
  EXPECT_THAT(rule.matchImages, ElementsAre("*.azurecr.io"));
  EXPECT_THAT(rule.settings, IsEmpty());
  EXPECT_THAT(annotationsOf(rule), UnorderedElementsAre(Pair("kubernetes.azure.com/acr-client-id", "clientId"),
                                                        Pair("kubernetes.azure.com/acr-tenant-id", "tenantId")));
  EXPECT_THAT(imported.notes, Contains(HasSubstr("*.azurecr.cn is left out")));
  EXPECT_THAT(imported.notes, Contains(HasSubstr("mcr.microsoft.com is left out")));
}

TEST(ImportAcr, SetsTheCloudThatTheAudienceBelongsTo) {
  ProviderEntry entry = acrEntry();
  entry.tokenAttributes->audience = "api://AzureADTokenExchangeChina";
  const ImportedEntry imported = import("acr-credential-provider", entry);
  ASSERT_EQ(imported.rules.size(), 1U);
  EXPECT_THAT(imported.rules.front().matchImages, ElementsAre("*.azurecr.cn"));
  EXPECT_THAT(settingsOf(imported.rules.front()), ElementsAre(Pair("cloud", "china")));
}

TEST(ImportAcr, AsksForTheIdentityIfNoAnnotationChoosesIt) {
  ProviderEntry entry = acrEntry();
  entry.tokenAttributes->requiredAnnotationKeys = {};
  EXPECT_THAT(missingIn(import("acr-credential-provider", entry).rules.front()), ElementsAre("clientId", "tenantId"));
}

TEST(ImportAcr, SaysThatMirroredImagesUseTheNodesIdentity) {
  ProviderEntry entry = acrEntry();
  entry.args.emplace_back("--registry-mirror=mcr.microsoft.com:acme.azurecr.io");
  EXPECT_THAT(import("acr-credential-provider", entry).notes, Contains(HasSubstr("--registry-mirror is left out")));
}

TEST(ImportAcr, LeavesOutIdentityBindingsAndEntriesWithoutALoginServer) {
  ProviderEntry entry = acrEntry();
  entry.args = {"/etc/kubernetes/azure.json", "--ib-sni-name", "x.ests.aks", "--ib-apiserver-ip=10.0.0.1"};
  EXPECT_THAT(import("acr-credential-provider", entry),
              AllOf(Field(&ImportedEntry::rules, IsEmpty()),
                    Field(&ImportedEntry::notes, ElementsAre(HasSubstr("identity bindings")))));
  entry = acrEntry();
  entry.matchImages = {"mcr.microsoft.com", "azurecr.io.evil.example", "evil.example/.azurecr.io"};
  EXPECT_THAT(import("acr-credential-provider", entry).rules, IsEmpty());
}

// --- JFrog's ---

ProviderEntry jfrogEntry() {
  ProviderEntry entry = entryWith("artifactory", {"*.jfrog.io"});
  entry.env = {{"cloud_provider", "google"},
               {"artifactory_url", "acme.jfrog.io"},
               {"google_service_account_email", "node@acme.iam.gserviceaccount.com"},
               {"jfrog_oidc_audience", "artifactory"},
               {"jfrog_oidc_provider_name", "gke-prod"},
               {"disable_provider_autoupdate", "true"}};
  entry.tokenAttributes->requiredAnnotationKeys = {"iam.gke.io/gcp-service-account", "JFrogExchange"};
  return entry;
}

TEST(ImportJfrog, DescribesArtifactorysExchange) {
  const ImportedEntry imported = import("jfrog-credential", jfrogEntry());
  ASSERT_EQ(imported.rules.size(), 1U);
  EXPECT_EQ(imported.rules.front().module, "token-exchange");
  EXPECT_THAT(settingsOf(imported.rules.front()),
              ElementsAre(Pair("url", "https://acme.jfrog.io/access/api/v1/oidc/token"), Pair("format", "json"),
                          Pair("parameters.provider_name", "gke-prod"),
                          Pair("parameters.provider_type", "Generic OpenID Connect"),
                          Pair("parameters.subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
                          Pair("parameters.audience", "artifactory"), Pair("usernamePointer", "/username")));
  EXPECT_THAT(imported.notes, Contains(HasSubstr("JFrogExchange is left out")));
  EXPECT_THAT(imported.notes, Contains(HasSubstr("disable_provider_autoupdate is left out: the program never")));
}

TEST(ImportJfrog, HasThePluginsAudienceOnAzure) {
  ProviderEntry entry = jfrogEntry();
  entry.env = {{"artifactory_url", "https://artifactory.acme.example/"},
               {"azure_app_audience", "api://AzureADTokenExchange"},
               {"jfrog_oidc_provider_name", "aks"}};
  EXPECT_THAT(settingsOf(import("jfrog-credential", entry).rules.front()),
              AllOf(Contains(Pair("url", "https://artifactory.acme.example/access/api/v1/oidc/token")),
                    Contains(Pair("parameters.audience", "*@*"))));
}

TEST(ImportJfrog, LeavesOutSignedRequestsAndIncompleteEntries) {
  ProviderEntry entry = jfrogEntry();
  entry.env = {{"artifactory_url", "acme.jfrog.io"}, {"aws_auth_method", "assume_role"}, {"aws_role_name", "node"}};
  EXPECT_THAT(import("jfrog-credential", entry).notes, ElementsAre(HasSubstr("signed with AWS credentials")));
  entry = jfrogEntry();
  entry.env = {{"cloud_provider", "azure"}, {"artifactory_url", "acme.jfrog.io"}};
  EXPECT_THAT(import("jfrog-credential", entry).notes, ElementsAre(HasSubstr("the plugin fails as well")));
}

// --- Cloudsmith's ---

constexpr const char* kCloudsmith = "cloudsmith-kubernetes-credential-provider";

ProviderEntry cloudsmithEntry() {
  ProviderEntry entry = entryWith("cloudsmith", {"docker.cloudsmith.io"});
  entry.env = {{"CLOUDSMITH_ORG_SLUG", "acme"}, {"CLOUDSMITH_SERVICE_SLUG", "puller"}};
  entry.tokenAttributes->optionalAnnotationKeys = {"cloudsmith.io/org-slug", "cloudsmith.io/service-slug"};
  return entry;
}

TEST(ImportCloudsmith, TakesSlugsAndAnnotations) {
  const ImportedEntry imported = import(kCloudsmith, cloudsmithEntry());
  ASSERT_EQ(imported.rules.size(), 1U);
  EXPECT_THAT(settingsOf(imported.rules.front()), ElementsAre(Pair("organization", "acme"), Pair("service", "puller")));
  EXPECT_THAT(annotationsOf(imported.rules.front()), ElementsAre(Pair("cloudsmith.io/org-slug", "organization"),
                                                                 Pair("cloudsmith.io/service-slug", "service")));
  EXPECT_THAT(imported.notes, ElementsAre(HasSubstr("list the allowed ones under oneOf")));
}

TEST(ImportCloudsmith, AsksForSlugsThatNeitherTheEntryNorAnAnnotationGives) {
  ProviderEntry entry = cloudsmithEntry();
  entry.env = {};
  EXPECT_THAT(missingIn(import(kCloudsmith, entry).rules.front()), IsEmpty());
  entry.tokenAttributes->optionalAnnotationKeys = {"cloudsmith.io/service-slug"};
  EXPECT_THAT(missingIn(import(kCloudsmith, entry).rules.front()), ElementsAre("organization"));
}

TEST(ImportCloudsmith, SaysThatItDoesNotReadThePluginsFile) {
  ProviderEntry entry = cloudsmithEntry();
  entry.env = {};
  entry.args = {"--config", "/etc/cloudsmith/plugin.yaml"};
  const ImportedEntry imported = import(kCloudsmith, entry);
  EXPECT_THAT(imported.notes, Contains(HasSubstr("The file of --config was not read")));
  EXPECT_THAT(missingIn(imported.rules.front()), ElementsAre("organization", "service"));
}

TEST(ImportCloudsmith, NeverCarriesOverWhatMayBeASecretOrSwitchesVerificationOff) {
  ProviderEntry entry = cloudsmithEntry();
  entry.env.insert(entry.env.end(), {{"CLOUDSMITH_HEADER_X_API_KEY", "canary"},
                                     {"CLOUDSMITH_INSECURE_SKIP_VERIFY", "true"},
                                     {"CLOUDSMITH_HTTP_TIMEOUT", "5s"},
                                     {"CLOUDSMITH_LOG_LEVEL", "debug"},
                                     {"CLOUDSMITH_API_HOST", "api.eu.cloudsmith.io"}});
  entry.tokenAttributes->optionalAnnotationKeys = {"cloudsmith.io/api-host"};
  const ImportedEntry imported = import(kCloudsmith, entry);
  EXPECT_THAT(settingsOf(imported.rules.front()), Contains(Pair("apiHost", "api.eu.cloudsmith.io")));
  EXPECT_THAT(annotationsOf(imported.rules.front()), IsEmpty());
  EXPECT_THAT(imported.notes, Contains(HasSubstr("headers.x-api-key is left out: its value may be a secret")));
  EXPECT_THAT(imported.notes,
              Contains(HasSubstr("insecure_skip_verify is left out: certificates are always verified")));
  EXPECT_THAT(imported.notes, Contains(HasSubstr("http_timeout is left out")));
  EXPECT_THAT(imported.notes, Contains(HasSubstr("cloudsmith.io/api-host is left out")));
  EXPECT_THAT(imported.notes, Not(Contains(HasSubstr("canary"))));
}

}  // namespace
}  // namespace rcb
