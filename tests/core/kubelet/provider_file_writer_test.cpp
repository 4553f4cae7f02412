#include "core/kubelet/provider_file_writer.hpp"

#include "core/settings/yaml_document.hpp"
#include "core/support/json.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

ProviderEntry fullEntry() {
  ProviderEntry entry;
  entry.name = "broker-x";
  entry.matchImages = {"a.test", "*.b.test:5000/team"};
  entry.args = {"--config", "/etc/b c.yaml"};
  entry.env = {{"NO_PROXY", "10.0.0.0/8"}};
  entry.tokenAttributes = TokenAttributes{.audience = "https://x.test/y",
                                          .cacheType = "Token",
                                          .requiredAnnotationKeys = {"k/must"},
                                          .optionalAnnotationKeys = {"k/may"}};
  return entry;
}

ProviderEntry smallEntry() {
  ProviderEntry entry;
  entry.name = "broker";
  entry.matchImages = {"a.test"};
  return entry;
}

TEST(ProviderFileWriter, WritesYamlAsPeopleDo) {
  EXPECT_EQ(writeProviderFile(std::vector{fullEntry(), smallEntry()}, {"One.", "Two."}),
            R"(# One.
# Two.
apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
- name: broker-x
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages:
  - a.test
  - "*.b.test:5000/team"
  defaultCacheDuration: 0s
  tokenAttributes:
    serviceAccountTokenAudience: https://x.test/y
    cacheType: Token
    requireServiceAccount: true
    requiredServiceAccountAnnotationKeys:
    - k/must
    optionalServiceAccountAnnotationKeys:
    - k/may
  args:
  - "--config"
  - "/etc/b c.yaml"
  env:
  - name: NO_PROXY
    value: "10.0.0.0/8"
- name: broker
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages:
  - a.test
  defaultCacheDuration: 0s
)");
}

TEST(ProviderFileWriter, WritesTheSameAsJson) {
  const std::string text = writeProviderFileAsJson(std::vector{fullEntry(), smallEntry()});
  ProblemList problems;
  const auto fromJson = readYaml(text, problems);
  ASSERT_TRUE(fromJson) << text;
  const std::string yaml = writeProviderFile(std::vector{fullEntry(), smallEntry()});
  const auto fromYaml = readYaml(yaml, problems);
  ASSERT_TRUE(fromYaml) << yaml;
  const std::function<void(const YamlNode&, const YamlNode&)> compare = [&](const YamlNode& left,
                                                                            const YamlNode& right) {
    EXPECT_EQ(left.key, right.key);
    EXPECT_EQ(left.text, right.text);
    ASSERT_EQ(left.children.size(), right.children.size()) << left.key;
    for (std::size_t i = 0; i < left.children.size(); ++i) compare(left.children[i], right.children[i]);
  };
  compare(fromJson->root, fromYaml->root);
}

TEST(ProviderFileWriter, WritesOneEntryAtAnyIndentation) {
  EXPECT_EQ(writeEntry(smallEntry(), {.indent = "    "}),
            "    - name: broker\n"
            "      apiVersion: credentialprovider.kubelet.k8s.io/v1\n"
            "      matchImages:\n"
            "      - a.test\n"
            "      defaultCacheDuration: 0s\n");
  EXPECT_EQ(writeEntry(smallEntry(), {.json = true, .indent = "\t\t", .step = "\t"}),
            "\t\t{\n"
            "\t\t\t\"name\": \"broker\",\n"
            "\t\t\t\"apiVersion\": \"credentialprovider.kubelet.k8s.io/v1\",\n"
            "\t\t\t\"matchImages\": [\n"
            "\t\t\t\t\"a.test\"\n"
            "\t\t\t],\n"
            "\t\t\t\"defaultCacheDuration\": \"0s\"\n"
            "\t\t}");
}

TEST(ProviderFileWriter, IndentsJsonNoFurtherThanItsOwnLevels) {
  ProviderEntry entry = smallEntry();
  entry.matchImages = {"  two blanks"};
  EXPECT_THAT(writeEntry(entry, {.json = true, .indent = "", .step = "    "}),
              testing::HasSubstr("\n        \"  two blanks\"\n"));
}

TEST(ProviderFileWriter, BreaksCommentsAtBlanks) {
  const std::string word(60, 'a');
  EXPECT_EQ(yamlComments({word + " b " + word, "c", std::string(120, 'd') + " e"}),
            "# " + word + " b\n# " + word + "\n# c\n# " + std::string(120, 'd') + "\n# e\n");
  EXPECT_EQ(yamlComments({}), "");
}

TEST(ProviderFileWriter, QuotesWhatYamlWouldReadAsSomethingElse) {
  for (const char* text : {"",    "yes",  "No",   "TRUE", "null", "y",   "12",         "012",
                           "1e5", "0x1f", "0o17", "1:30", "1_0",  "-1",  "2001-12-14", "2001-12-14t21:59:43Z",
                           ".5",  "~",    "a b",  "a: b", "a:",   "# a", "*",          "*.test",
                           "&a",  "!a",   "- a",  "---",  "a#b",  "'a'", "@a",         "%a",
                           "[a]", "{a}",  "a,b",  "?",    "|",    ">",   "="}) {
    EXPECT_EQ(yamlScalar(text), "\"" + std::string(text) + "\"");
  }
}

TEST(ProviderFileWriter, LeavesPlainWhatEveryParserReadsAsAString) {
  for (const char* text :
       {"a", "0s", "5m", "docker.io", "a.test:5000/team", "https://x/y", "api://AzureADTokenExchange",
        "/etc/config.yaml", "111122223333.dkr.ecr.us-west-2.amazonaws.com", "ServiceAccount",
        "eks.amazonaws.com/ecr-role-arn"}) {
    EXPECT_EQ(yamlScalar(text), text);
  }
}

TEST(ProviderFileWriter, WritesEveryCharacterSoThatItComesBack) {
  EXPECT_EQ(yamlScalar("a\"b\\c\n\t\x01\x7f"), R"("a\"b\\c\u000a\u0009\u0001\u007f")");
  EXPECT_EQ(yamlScalar("\xc3\xa9\xc2\x85\xe2\x80\xa8\xf0\x9f\x98\x80"), R"("\u00e9\u0085\u2028\U0001f600")");
  for (const char* text : {"yes", "a: b", "a\"b\\c", "\xc3\xa9\xf0\x9f\x98\x80", "#", " a "}) {
    ProblemList problems;
    const std::string yaml = "key: " + yamlScalar(text) + "\n";
    const auto document = readYaml(yaml, problems);
    ASSERT_TRUE(document) << yaml;
    EXPECT_EQ(document->root.children.at(0).text, text);
  }
}

}  // namespace
}  // namespace rcb
