#include "core/kubelet/provider_file_reader.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr std::string_view kHead = "apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:\n";

// One entry, without the lines that begin with `without`, and with `more`.
std::string file(std::string_view more = "", std::string_view without = " ") {
  std::string text(kHead);
  for (const std::string_view line : {"apiVersion: credentialprovider.kubelet.k8s.io/v1", "name: plugin",
                                      "matchImages: [registry.test]", "defaultCacheDuration: 0s"}) {
    if (!line.starts_with(without)) text += (text.size() == kHead.size() ? "- " : "  ") + std::string(line) + "\n";
  }
  return text + std::string(more);
}

std::string withToken(std::string_view more = "", std::string_view without = " ") {
  std::string text = "  tokenAttributes:\n";
  for (const std::string_view line :
       {"serviceAccountTokenAudience: registry.test", "cacheType: Token", "requireServiceAccount: true"}) {
    if (!line.starts_with(without)) text += "    " + std::string(line) + "\n";
  }
  return file(text + std::string(more));
}

std::vector<std::string> lines(const std::vector<Problem>& problems) {
  std::vector<std::string> all;
  for (const Problem& problem : problems) {
    all.push_back(problem.line("f") + (problem.advice.empty() ? "" : "; " + problem.advice));
  }
  return all;
}

std::vector<std::string> problemsOf(const std::string& text, int minor = 34) {
  return lines(readProviderFile(text, "f", {minor}).problems);
}

std::vector<std::string> warningsOf(const std::string& text, int minor = 34) {
  const LoadedProviderFile loaded = readProviderFile(text, "f", {minor});
  EXPECT_THAT(lines(loaded.problems), IsEmpty());
  return lines(loaded.warnings);
}

TEST(ProviderFileReader, ReadsEveryField) {
  const LoadedProviderFile loaded = readProviderFile(
      withToken("    requiredServiceAccountAnnotationKeys: [a/b]\n    optionalServiceAccountAnnotationKeys: [c]\n"
                "  args: [--config, /etc/broker.yaml]\n  env:\n  - {name: A, value: b}\n"),
      "dir/f.yaml", kNewestKubelet);
  EXPECT_THAT(lines(loaded.problems), IsEmpty());
  EXPECT_THAT(lines(loaded.warnings), IsEmpty());
  ASSERT_EQ(loaded.entries.size(), 1U);
  const ProviderEntry& entry = loaded.entries.front();
  EXPECT_EQ(entry.name, "plugin");
  EXPECT_EQ(entry.apiVersion, "credentialprovider.kubelet.k8s.io/v1");
  EXPECT_THAT(entry.matchImages, ElementsAre("registry.test"));
  EXPECT_EQ(entry.defaultCacheDuration, "0s");
  EXPECT_THAT(entry.args, ElementsAre("--config", "/etc/broker.yaml"));
  EXPECT_THAT(entry.env, ElementsAre(Pair("A", "b")));
  EXPECT_EQ(entry.file, "dir/f.yaml");
  EXPECT_EQ(entry.path, "providers[0]");
  EXPECT_EQ(entry.mark, (Mark{4, 3}));
  ASSERT_TRUE(entry.tokenAttributes);
  EXPECT_EQ(entry.tokenAttributes->audience, "registry.test");
  EXPECT_EQ(entry.tokenAttributes->cacheType, "Token");
  EXPECT_TRUE(entry.tokenAttributes->requireServiceAccount);
  EXPECT_THAT(entry.tokenAttributes->requiredAnnotationKeys, ElementsAre("a/b"));
  EXPECT_THAT(entry.tokenAttributes->optionalAnnotationKeys, ElementsAre("c"));
}

TEST(ProviderFileReader, ReportsEveryProblemByPosition) {
  EXPECT_THAT(
      problemsOf(std::string(kHead) + "- name: a b\n  matchImages: []\n- apiVersion: x\n  timeout: 1\n"),
      ElementsAre("f:4:3: providers[0].name: \"a b\" contains a space; write the name of a file in "
                  "--image-credential-provider-bin-dir",
                  "f:4:3: providers[0].apiVersion: is missing; add apiVersion: credentialprovider.kubelet.k8s.io/v1",
                  "f:4:3: providers[0].defaultCacheDuration: is missing; add defaultCacheDuration: 0s",
                  "f:5:3: providers[0].matchImages: is empty; add at least one pattern",
                  "f:6:3: providers[1].name: is missing; name the program in --image-credential-provider-bin-dir",
                  "f:6:3: providers[1].apiVersion: \"x\" is not a version of plugins; use "
                  "credentialprovider.kubelet.k8s.io/v1, credentialprovider.kubelet.k8s.io/v1beta1 or "
                  "credentialprovider.kubelet.k8s.io/v1alpha1",
                  "f:6:3: providers[1].matchImages: is missing; add at least one pattern",
                  "f:6:3: providers[1].defaultCacheDuration: is missing; add defaultCacheDuration: 0s",
                  "f:7:3: providers[1].timeout: unknown field; expected name, matchImages, defaultCacheDuration, "
                  "apiVersion, args, env or tokenAttributes"));
}

TEST(ProviderFileReader, NamesTheKindThatItFound) {
  EXPECT_THAT(problemsOf("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nstaticPodPath: /x\n"),
              ElementsAre("f:2:1: kind: is KubeletConfiguration, the file of the kubelet's --config, not "
                          "CredentialProviderConfig; pass the "
                          "file of the kubelet's --image-credential-provider-config"));
  EXPECT_THAT(
      problemsOf("apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders: []\n"),
      ElementsAre(
          "f:2:1: kind: is BrokerConfig, the broker file, not CredentialProviderConfig; pass it with --config"));
  EXPECT_THAT(problemsOf("apiVersion: v1\nkind: Pod\nspec: {}\n"),
              ElementsAre("f:2:1: kind: is Pod of v1, not CredentialProviderConfig"));
  EXPECT_THAT(problemsOf("providers: []\n"),
              ElementsAre("f:1:1: kind: is missing; add kind: CredentialProviderConfig",
                          "f:1:1: apiVersion: is missing; add apiVersion: kubelet.config.k8s.io/v1"));
  EXPECT_THAT(
      problemsOf("apiVersion: kubelet.config.k8s.io/v2\nkind: CredentialProviderConfig\n"),
      ElementsAre(
          "f:1:1: apiVersion: \"kubelet.config.k8s.io/v2\" is not a version of the kubelet's provider file; use "
          "kubelet.config.k8s.io/v1, kubelet.config.k8s.io/v1beta1 or kubelet.config.k8s.io/v1alpha1"));
  EXPECT_THAT(problemsOf("[]"), ElementsAre("f:1:1: must be a map with kind: CredentialProviderConfig"));
  EXPECT_THAT(problemsOf(""), ElementsAre("f: the file is empty"));
}

TEST(ProviderFileReader, SaysWhichValueYamlDoesNotTakeForAString) {
  EXPECT_THAT(
      problemsOf(file("  args: [--port, 80]\n")),
      ElementsAre("f:8:18: providers[0].args[1]: must be a string, but 80 without quotes is a number; write \"80\""));
  EXPECT_THAT(
      problemsOf(file("  env:\n  - {name: A, value: yes}\n")),
      ElementsAre(
          "f:9:22: providers[0].env[0].value: must be a string, but yes without quotes is a boolean; write \"yes\""));
  EXPECT_THAT(problemsOf(file("  defaultCacheDuration: 0\n", "defaultCacheDuration")),
              ElementsAre("f:7:25: providers[0].defaultCacheDuration: must be a string, but 0 without quotes is a "
                          "number; write \"0\""));
  EXPECT_THAT(problemsOf(file("  matchImages: registry.test\n", "matchImages")),
              ElementsAre("f:7:16: providers[0].matchImages: must be a list, not a string"));
  EXPECT_THAT(problemsOf(file("  env: {A: b}\n")), ElementsAre("f:8:8: providers[0].env: must be a list, not a map"));
}

TEST(ProviderFileReader, RefusesUnknownFieldsSince132AndWarnsBefore) {
  EXPECT_THAT(problemsOf(file("  Args: [a]\n"), 32),
              ElementsAre("f:8:3: providers[0].Args: unknown field; did you mean \"args\"?"));
  EXPECT_THAT(warningsOf(file("  Args: [a]\n"), 31),
              ElementsAre("f:8:3: providers[0].Args: unknown field, which kubelets before 1.32 ignore"));
  EXPECT_THAT(problemsOf(file("  args: [a]\n  args: [b]\n"), 32),
              ElementsAre("f:9:3: providers[0].args: duplicate key; first defined at line 8"));
  EXPECT_THAT(
      warningsOf(file("  args: [a]\n  args: [b]\n"), 31),
      ElementsAre(
          "f:9:3: providers[0].args: duplicate key; first defined at line 8; kubelets before 1.32 take the last one"));
  EXPECT_THAT(readProviderFile(file("  args: [a]\n  args: [b]\n"), "f", {31}).entries.at(0).args, ElementsAre("b"));
}

TEST(ProviderFileReader, KnowsSinceWhenPluginsGetTokens) {
  EXPECT_THAT(warningsOf(withToken(), 31),
              ElementsAre("f:8:3: providers[0].tokenAttributes: is ignored by kubelets before 1.33"));
  EXPECT_FALSE(readProviderFile(withToken(), "f", {31}).entries.at(0).tokenAttributes);
  EXPECT_THAT(problemsOf(withToken(), 32),
              ElementsAre("f:8:3: providers[0].tokenAttributes: unknown field before Kubernetes 1.33"));
  EXPECT_THAT(problemsOf(withToken(), 33),
              ElementsAre("f:10:5: providers[0].tokenAttributes.cacheType: unknown field before Kubernetes 1.34"));
  EXPECT_THAT(warningsOf(withToken("", "cacheType"), 33),
              ElementsAre("f:8:3: providers[0].tokenAttributes: kubelets of 1.33 refuse this unless the feature gate "
                          "KubeletServiceAccountTokenForCredentialProviders is enabled"));
  EXPECT_THAT(
      problemsOf(withToken("", "cacheType"), 34),
      ElementsAre("f:9:5: providers[0].tokenAttributes.cacheType: is missing; add cacheType: ServiceAccount or Token"));
}

TEST(ProviderFileReader, ChecksTheTokensAttributes) {
  const std::string at = "providers[0].tokenAttributes.";
  EXPECT_THAT(problemsOf(withToken("", "serviceAccountTokenAudience")),
              ElementsAre("f:9:5: " + at + "serviceAccountTokenAudience: is missing"));
  EXPECT_THAT(problemsOf(withToken("", "requireServiceAccount")),
              ElementsAre("f:9:5: " + at + "requireServiceAccount: is missing; add requireServiceAccount: true"));
  EXPECT_THAT(problemsOf(withToken("    requireServiceAccount: \"true\"\n", "requireServiceAccount")),
              ElementsAre("f:11:28: " + at + "requireServiceAccount: must be true or false, not a string"));
  EXPECT_THAT(problemsOf(withToken("    cacheType: Pod\n", "cacheType")),
              ElementsAre("f:11:5: " + at + "cacheType: \"Pod\" is not a cache type; use ServiceAccount or Token"));
  EXPECT_THAT(
      problemsOf(withToken("    requireServiceAccount: false\n    requiredServiceAccountAnnotationKeys: [a]\n",
                           "requireServiceAccount")),
      ElementsAre("f:12:5: " + at +
                  "requiredServiceAccountAnnotationKeys: requires requireServiceAccount: true; list the keys in "
                  "optionalServiceAccountAnnotationKeys"));
  EXPECT_THAT(problemsOf(withToken("    optionalServiceAccountAnnotationKeys: [a/b/c, d, d]\n")),
              ElementsAre("f:12:5: " + at + "optionalServiceAccountAnnotationKeys: \"a/b/c\" has more than one '/'",
                          "f:12:5: " + at + "optionalServiceAccountAnnotationKeys: duplicate key \"d\""));
  EXPECT_THAT(problemsOf(withToken(
                  "    requiredServiceAccountAnnotationKeys: [a]\n    optionalServiceAccountAnnotationKeys: [a]\n")),
              ElementsAre("f:13:5: " + at +
                          "optionalServiceAccountAnnotationKeys: \"a\" is a required key as well; list each key once"));
  std::string beta = withToken();
  beta.replace(beta.find("credentialprovider.kubelet.k8s.io/v1"), 36, "credentialprovider.kubelet.k8s.io/v1beta1");
  EXPECT_THAT(
      problemsOf(beta),
      ElementsAre("f:8:3: providers[0].tokenAttributes: requires apiVersion: credentialprovider.kubelet.k8s.io/v1"));
}

TEST(ProviderFileReader, RefusesDuplicateNamesInAllVersions) {
  const std::string twice = file() + file().substr(kHead.size());
  for (int minor = kOldestKubelet.minor; minor <= kNewestKubelet.minor; ++minor) {
    EXPECT_THAT(problemsOf(twice, minor),
                ElementsAre(HasSubstr("providers[1].name: duplicate name \"plugin\"; first defined at line 5; "
                                      "name each entry differently")));
  }
}

TEST(ProviderFileReader, RefusesNamesThatCannotBeFiles) {
  for (const auto& [name, why] : {std::pair{"bin/plugin", "contains a slash"}, std::pair{"a b", "contains a space"},
                                  std::pair{".", "is a folder"}, std::pair{"..", "is a folder"}}) {
    EXPECT_THAT(problemsOf(file(std::string("  name: \"") + name + "\"\n", "name")),
                ElementsAre(HasSubstr(std::string("providers[0].name: \"") + name + "\" " + why)));
  }
  EXPECT_THAT(problemsOf(file("  name: \"\"\n", "name")), ElementsAre(HasSubstr("providers[0].name: is empty")));
}

TEST(ProviderFileReader, RefusesPatternsThatAreNoUrls) {
  EXPECT_THAT(
      problemsOf(file("  matchImages: [\"registry.test:*\", a, \"a b\"]\n", "matchImages")),
      ElementsAre(
          "f:7:17: providers[0].matchImages[0]: \"registry.test:*\" is not a pattern: its port is not a number",
          HasSubstr(
              "providers[0].matchImages[2]: \"a b\" is not a pattern: its host contains the invalid character ' '")));
}

TEST(ProviderFileReader, RefusesDurationsThatGoDoesNotRead) {
  EXPECT_THAT(
      problemsOf(file("  defaultCacheDuration: 1d\n", "defaultCacheDuration")),
      ElementsAre(
          "f:7:3: providers[0].defaultCacheDuration: \"1d\" is not a valid duration; use a number with a unit, such as "
          "30s or 2m"));
  EXPECT_THAT(problemsOf(file("  defaultCacheDuration: -1s\n", "defaultCacheDuration")),
              ElementsAre("f:7:3: providers[0].defaultCacheDuration: \"-1s\" is negative"));
}

TEST(ProviderFileReader, WarnsOfVariablesThatCannotBeMeant) {
  EXPECT_THAT(
      warningsOf(file("  env:\n  - {name: A, value: b}\n  - {name: A, value: c}\n  - {name: B=C}\n  - {value: d}\n")),
      ElementsAre("f:10:5: providers[0].env[1]: duplicate variable \"A\"; the last one counts",
                  "f:11:5: providers[0].env[2]: \"B=C\" is not a name of a variable",
                  "f:12:5: providers[0].env[3]: \"\" is not a name of a variable"));
}

TEST(ProviderFileReader, ReadsTheFirstDocumentOnly) {
  const std::string text = file() + "--- # the next\n]: {\n";
  const LoadedProviderFile loaded = readProviderFile(text, "f", kNewestKubelet);
  EXPECT_THAT(lines(loaded.problems), IsEmpty());
  EXPECT_THAT(lines(loaded.warnings),
              ElementsAre("f:8:1: a second YAML document begins here, which the kubelet ignores"));
  EXPECT_EQ(loaded.text, file());
  EXPECT_THAT(warningsOf("# a\n---\n" + file() + "---\n# end\n...\n"), IsEmpty());
  EXPECT_THAT(warningsOf(file("  args: [---a]\n")), IsEmpty());
  EXPECT_THAT(problemsOf("---\n---\n" + file()),
              ElementsAre("f:2:1: must be a map with kind: CredentialProviderConfig"));
}

TEST(ProviderFileReader, ExpectsJsonOfAFileThatBeginsWithABrace) {
  EXPECT_THAT(problemsOf("{kind: CredentialProviderConfig}"),
              ElementsAre(HasSubstr("f: is not valid JSON, which a file that begins with '{' must be: ")));
  EXPECT_THAT(problemsOf(" \n{\"kind\": \"CredentialProviderConfig\", \"apiVersion\": \"kubelet.config.k8s.io/v1\",}"),
              ElementsAre(HasSubstr("is not valid JSON")));
}

TEST(ProviderFileReader, IgnoresAByteOrderMark) { EXPECT_THAT(problemsOf("\xef\xbb\xbf" + file()), IsEmpty()); }

TEST(ProviderFileReader, KeepsALimitedNumberOfProblems) {
  std::string text(kHead);
  for (int i = 0; i < 10'000; ++i) text += "- {a: b}\n";
  const LoadedProviderFile loaded = readProviderFile(text, "f", kNewestKubelet);
  EXPECT_EQ(loaded.problems.size(), 100U);
  EXPECT_LT(loaded.entries.size(), 101U);
}

TEST(ProviderFileReader, MergesTheFilesOfAFolder) {
  const LoadedProviderFolder folder = readProviderFolder(
      {{"10.yaml", file()}, {"20.yaml", file("  name: other\n", "name")}, {"30.yaml", file()}}, kNewestKubelet);
  EXPECT_THAT(lines(folder.problems), IsEmpty());
  EXPECT_FALSE(folder.accepted());
  ASSERT_EQ(folder.files.size(), 3U);
  EXPECT_THAT(lines(folder.files[1].problems), IsEmpty());
  EXPECT_THAT(lines(folder.files[2].problems),
              ElementsAre(HasSubstr("duplicate name \"plugin\"; first defined at line 5 of 10.yaml")));
}

TEST(ProviderFileReader, RefusesAFolderBefore134AndOneWithoutEntries) {
  EXPECT_THAT(lines(readProviderFolder({{"a.yaml", file()}}, {33}).problems),
              ElementsAre("f: is a folder, but kubelets before 1.34 read a single file"));
  EXPECT_THAT(lines(readProviderFolder({}, {34}).problems),
              ElementsAre("f: has no file whose name ends in .json, .yaml or .yml"));
  EXPECT_THAT(lines(readProviderFolder({{"a.yaml", std::string(kHead) + "  []\n"}}, {34}).problems),
              ElementsAre("f: providers: must have at least one entry"));
}

TEST(ProviderFileReader, ReadsFilesOfThreeKindsInAFolder) {
  for (const char* name : {"a.yaml", "b.yml", "c.json", ".yaml", "a.b.yaml"})
    EXPECT_TRUE(isInProviderFolder(name)) << name;
  for (const char* name : {"", "yaml", "a.YAML", "a.yaml~", "a.yaml.bak", "a.conf", "README"}) {
    EXPECT_FALSE(isInProviderFolder(name)) << name;
  }
}

}  // namespace
}  // namespace rcb
