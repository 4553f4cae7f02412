#include "core/kubelet/provider_file_edit.hpp"

#include "core/settings/yaml_document.hpp"
#include "core/support/error.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

namespace rcb {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ProviderEntry entry(const std::string& name = "registry-credential-broker", const std::string& audience = "") {
  ProviderEntry result;
  result.name = name;
  result.matchImages = {"docker.example.com", "*.example.org"};
  if (!audience.empty()) {
    result.tokenAttributes = TokenAttributes{audience, "ServiceAccount", true, {"example.com/slug"}, {}};
  }
  return result;
}

const std::vector<ProviderEntry> kOne = {entry()};
const std::vector<ProviderEntry> kTwo = {entry(), entry("registry-credential-broker-other", "https://a.example")};

std::string mistake(const std::string& text) {
  try {
    mergeEntries(text, kOne);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConfigInvalid);
    return error.line();
  }
  return "no error";
}

// The promises that hold for every file with a list that is not empty, or written `[]`.
void expectPromises(const std::string& text) try {
  SCOPED_TRACE(text);
  ASSERT_EQ(removeEntries(text), text);
  const std::string one = mergeEntries(text, kOne);
  EXPECT_THAT(one, HasSubstr("registry-credential-broker"));
  EXPECT_EQ(mergeEntries(one, kOne), one);
  EXPECT_EQ(removeEntries(one), text);
  const std::string two = mergeEntries(one, kTwo);
  EXPECT_EQ(mergeEntries(text, kTwo), two);
  EXPECT_EQ(mergeEntries(two, kTwo), two);
  EXPECT_EQ(mergeEntries(two, kOne), one);
  EXPECT_EQ(removeEntries(two), text);
  std::vector<ProviderEntry> changed = kTwo;
  changed.front().matchImages.push_back("another.example.net");
  EXPECT_EQ(mergeEntries(mergeEntries(two, changed), kTwo), two);
  EXPECT_EQ(removeEntries(mergeEntries(two, changed)), text);
} catch (const Error& error) {
  ADD_FAILURE() << error.line() << "\n" << text;
}

constexpr char kBlock[] =
    "# Written by the platform.\n"
    "apiVersion: kubelet.config.k8s.io/v1\n"
    "kind: CredentialProviderConfig\n"
    "providers:\n"
    "  # The platform's own.\n"
    "  - name: acr-credential-provider   # keep\n"
    "    apiVersion: credentialprovider.kubelet.k8s.io/v1\n"
    "    matchImages: [\"*.azurecr.io\"]\n"
    "    defaultCacheDuration: \"10m\"\n"
    "    unknown: {a: 1}\n";

constexpr char kAdded[] =
    "  - name: registry-credential-broker\n"
    "    apiVersion: credentialprovider.kubelet.k8s.io/v1\n"
    "    matchImages:\n"
    "    - docker.example.com\n"
    "    - \"*.example.org\"\n"
    "    defaultCacheDuration: 0s\n";

TEST(ProviderFileEdit, AppendsAnEntryToABlock) { EXPECT_EQ(mergeEntries(kBlock, kOne), std::string(kBlock) + kAdded); }

TEST(ProviderFileEdit, AppendsBeforeWhatFollowsTheList) {
  const std::string after = "\n# The end of the list.\nextra: value\n...\n";
  EXPECT_EQ(mergeEntries(kBlock + after, kOne), std::string(kBlock) + kAdded + after);
}

TEST(ProviderFileEdit, LeavesTheCommentsOfTheLastEntryWithIt) {
  const std::string comment = "    # args: [--v=3]\n";
  EXPECT_EQ(mergeEntries(kBlock + comment, kOne), std::string(kBlock) + comment + kAdded);
}

TEST(ProviderFileEdit, KeepsAFileWithoutAFinalLineEndThatWay) {
  const std::string text(kBlock, sizeof(kBlock) - 2);
  std::string added(kAdded);
  added.pop_back();
  EXPECT_EQ(mergeEntries(text, kOne), text + "\n" + added);
  expectPromises(text);
}

TEST(ProviderFileEdit, FollowsTheFilesLineEnds) {
  std::string text(kBlock);
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.insert(at, "\r");
  const std::string merged = mergeEntries(text, kOne);
  EXPECT_EQ(std::count(merged.begin(), merged.end(), '\n'), std::count(merged.begin(), merged.end(), '\r'));
  expectPromises(text);
}

TEST(ProviderFileEdit, WritesAnEmptyListAsABlockAndBack) {
  const std::string before = "kind: CredentialProviderConfig\nproviders:";
  const std::string after = " # none yet\n  # another\napiVersion: kubelet.config.k8s.io/v1\n";
  const std::string text = before + " []" + after;
  EXPECT_THAT(mergeEntries(text, kOne),
              StartsWith(before + " # none yet\n  # another\n- name: registry-credential-broker\n"));
  expectPromises(text);
}

TEST(ProviderFileEdit, WritesNothingAndNullAsAnEmptyListOnceItsEntriesAreRemoved) {
  for (const std::string nothing : {"", " ", " null", " ~", " [ ]", "\n  null", "   []"}) {
    const std::string before = "kind: CredentialProviderConfig\nproviders:";
    const std::string text = before + nothing + "\napiVersion: v1\n";
    EXPECT_EQ(removeEntries(text), text);
    const std::string merged = mergeEntries(text, kTwo);
    EXPECT_THAT(merged, StartsWith(before + (nothing == " " ? " \n" : "\n") + "- name: registry-credential-broker\n"))
        << text;
    EXPECT_EQ(mergeEntries(merged, kTwo), merged);
    EXPECT_EQ(removeEntries(merged), before + " []" + (nothing == " " ? " " : "") + "\napiVersion: v1\n");
  }
}

constexpr char kJson[] =
    "{\n"
    "  \"apiVersion\": \"kubelet.config.k8s.io/v1\",\n"
    "  \"kind\": \"CredentialProviderConfig\",\n"
    "  \"providers\": [\n"
    "    {\n"
    "      \"name\": \"ecr-credential-provider\",\n"
    "      \"matchImages\": [\n"
    "         \"*.dkr.ecr.*.amazonaws.com\"\n"
    "      ]\n"
    "    }\n"
    "  ]\n"
    "}\n";

TEST(ProviderFileEdit, AppendsAnObjectToIndentedJson) {
  std::string expected(kJson);
  expected.insert(expected.find("\n  ]\n}"),
                  ",\n"
                  "    {\n"
                  "      \"name\": \"registry-credential-broker\",\n"
                  "      \"apiVersion\": \"credentialprovider.kubelet.k8s.io/v1\",\n"
                  "      \"matchImages\": [\n"
                  "        \"docker.example.com\",\n"
                  "        \"*.example.org\"\n"
                  "      ],\n"
                  "      \"defaultCacheDuration\": \"0s\"\n"
                  "    }");
  EXPECT_EQ(mergeEntries(kJson, kOne), expected);
  expectPromises(kJson);
}

TEST(ProviderFileEdit, IndentsWithTabsWhereTheFileDoes) {
  const std::string text =
      "{\n\t\"kind\": \"CredentialProviderConfig\",\n\t\"providers\": [\n\t\t{\n\t\t\t\"name\": \"a\"\n\t\t}\n\t]\n}";
  EXPECT_THAT(mergeEntries(text, kOne),
              HasSubstr("\n\t\t},\n\t\t{\n\t\t\t\"name\": \"registry-credential-broker\",\n"));
  expectPromises(text);
  const std::string empty = "{\n\t\"kind\": \"CredentialProviderConfig\",\n\t\"providers\": []\n}";
  EXPECT_THAT(mergeEntries(empty, kOne), HasSubstr("[\n\t\t{\n\t\t\t\"name\": \"registry-credential-broker\",\n"));
  EXPECT_THAT(mergeEntries(empty, kOne), HasSubstr("\n\t\t}\n\t]\n}"));
  expectPromises(empty);
}

TEST(ProviderFileEdit, KeepsCompactJsonOnOneLine) {
  const std::string text =
      R"({"kind":"CredentialProviderConfig","providers":[{"name":"a","env":[{"name":"\ud83d\ude00"}]}],"x":1})";
  const std::string merged = mergeEntries(text, kTwo);
  EXPECT_EQ(merged.find('\n'), std::string::npos);
  EXPECT_THAT(merged, HasSubstr(R"(}]},{"name": "registry-credential-broker")"));
  expectPromises(text);
}

TEST(ProviderFileEdit, LeavesAnEntryWithTheSameMeaningAsItIs) {
  const std::string text = std::string(kBlock) +
                           "  # Ours, by hand.\n"
                           "  - 'defaultCacheDuration': '0s' # short\n"
                           "    matchImages: [docker.example.com, '*.example.org',]\n"
                           "    apiVersion: credentialprovider.kubelet.k8s.io/v1\n\n"
                           "    name: \"registry-credential-broker\"\n";
  EXPECT_EQ(mergeEntries(text, kOne), text);
}

TEST(ProviderFileEdit, TellsATokenThatIsABooleanFromAString) {
  const std::vector<ProviderEntry> entries = {entry("registry-credential-broker", "audience")};
  const std::string text = mergeEntries(kBlock, entries);
  std::string quoted = text;
  quoted.replace(quoted.find("requireServiceAccount: true"), 27, "requireServiceAccount: 'true'");
  EXPECT_EQ(mergeEntries(quoted, entries), text);
}

TEST(ProviderFileEdit, ReplacesAChangedEntryWhereItIs) {
  const std::string before = "kind: CredentialProviderConfig\nproviders:\n-   name: a\n";
  const std::string after = "\n# b\n- {name: b}\n";
  const std::string text = before + "- name: registry-credential-broker\n  args: [old] # gone\n  # gone too\n" + after;
  const std::string merged = mergeEntries(text, kOne);
  EXPECT_THAT(merged, StartsWith(before + "- name: registry-credential-broker\n  apiVersion: "));
  EXPECT_THAT(merged, testing::EndsWith("defaultCacheDuration: 0s\n" + after));
  EXPECT_THAT(merged, Not(HasSubstr("gone")));
}

TEST(ProviderFileEdit, RemovesObsoleteAndRepeatedEntriesOfOurs) {
  const std::string before = "kind: CredentialProviderConfig\nproviders:\n";
  const std::string text = before +
                           "- name: registry-credential-broker-old\n"
                           "- name: a\n"
                           "# between\n"
                           "- name: registry-credential-broker-old\n"
                           "- {name: registry-credential-broker-older}\n"
                           "# after\n";
  EXPECT_EQ(removeEntries(text), before + "- name: a\n# between\n# after\n");
}

TEST(ProviderFileEdit, KeepsALineEndThatBelongsToAValue) {
  const std::string text = "kind: CredentialProviderConfig\nproviders:\n- name: a\n  args:\n  - |\n    x\n";
  EXPECT_EQ(removeEntries(text + "- name: registry-credential-broker"), text);
}

TEST(ProviderFileEdit, RecognisesOnlyItsOwnNames) {
  EXPECT_TRUE(isOwnEntry("registry-credential-broker"));
  EXPECT_TRUE(isOwnEntry("registry-credential-broker-a"));
  for (const char* other : {"registry-credential-broker2", "Registry-credential-broker", "registry-credential-broke",
                            "a-registry-credential-broker", "registry-credential-broker.sh", ""}) {
    EXPECT_FALSE(isOwnEntry(other)) << other;
  }
}

TEST(ProviderFileEdit, LeavesCommentsInBracketsWithTheirEntries) {
  const std::string text =
      "kind: CredentialProviderConfig\n"
      "providers: [ # all\n"
      "  {name: a}, # first, of many\n"
      "  {name: b} # last\n"
      "  # end\n"
      "]\n";
  const std::string merged = mergeEntries(text, kOne);
  EXPECT_THAT(merged, HasSubstr("  {name: b}, # last\n  {\n    \"name\": \"registry-credential-broker\""));
  EXPECT_THAT(merged, HasSubstr("\n  }\n  # end\n]\n"));
  expectPromises(text);
}

TEST(ProviderFileEdit, KeepsCommentsAroundAnEntryInBracketsThatIsRemoved) {
  const std::string text =
      "kind: CredentialProviderConfig\n"
      "providers: [ # all\n"
      "  {name: a}, {name: registry-credential-broker}, # b\n"
      "  {name: registry-credential-broker-c} # c\n"
      "  , # comma\n"
      "  {name: d}\n"
      "]\n";
  const std::string removed = removeEntries(text);
  for (const char* kept : {"# all", "{name: a}", "# b\n", "# comma", "{name: d}"})
    EXPECT_THAT(removed, HasSubstr(kept));
  EXPECT_THAT(removed, Not(HasSubstr("registry")));
}

// --- Files that keep every byte ---

TEST(ProviderFileEdit, GivesTheOriginalBytesBack) {
  const std::string head = "kind: CredentialProviderConfig\n";
  for (const std::string& text : {
           std::string(kBlock),
           "---\n" + std::string(kBlock) + "...\n",
           "%YAML 1.1\n---\n" + std::string(kBlock),
           head + "providers:\n- name: a",
           head + "providers:\n- name: a\n\n\n",
           head + "providers:\n- name: a\n  # c\n  \n  # d\n# e\nz: 1\n",
           head + "providers:\n- name: a #\ta tab\n#\tanother\n",
           head + "providers:\n  - # name:\n    name: a\n",
           head + "providers:\n  -\n    name: a\n  -\n    name: b\n# end",
           head +
               "providers:\n- name: a\n  env:\n  - name: X\n    value: |\n      text\n      # no comment\n\n\nz: 1\n",
           head + "providers:\n- name: a\n  env:\n  - name: X\n    value: >-\n      text",
           head + "providers:\n- name: a\n  env:\n  - name: X\n    value: |+\n      text\n\n\n",
           head + "providers:\n- name: \"a\n\n  - b\"\n",
           head + "providers:\n- name: a\n- just a string\n-\n- [list]\n- {}\n",
           head + "\"providers\":\n     - 'name': 'a'\n",
           head + "? providers\n:\n- name: a\n",
           head + "providers: [{name: a}, {name: b}]\n",
           head + "providers: [{name: a}, {name: b}, ]\n",
           head + "providers:\n  [\n  {name: a},\n  {name: b},   # last\n  ]",
           head + "providers: [\n  {name: a}\n  , # comma\n  ]\n",
           head + "providers: [name: a, {name: b}]\n",
           head + "providers: [\n  {name: a}]\n",
           std::string("{kind: CredentialProviderConfig, providers: [{name: a}]}"),
           std::string("{\"kind\": \"CredentialProviderConfig\", \"providers\": []}\n"),
           std::string("{\"kind\":\"CredentialProviderConfig\",\"providers\":[]}"),
           std::string(
               "{\"kind\":\"CredentialProviderConfig\",\n\"providers\":[\n{\"name\":\"a\"\n},{\"name\":\"b\"}\n]}"),
           std::string("{\r\n  \"kind\": \"CredentialProviderConfig\",\r\n  \"providers\": []\r\n}\r\n"),
           std::string("{\r\n    \"kind\": \"CredentialProviderConfig\",\r\n    \"providers\": [\r\n        {\"name\": "
                       "\"\xc3\xa9\"}\r\n    ]\r\n}"),
           "# \xe2\x82\xac\n" + head +
               "\"\xc3\xa4\": \xf0\x9f\x98\x80\nproviders: # \xe2\x82\xac\n- name: \xc3\xa9 # \xe2\x82\xac\n  x: "
               "\xf0\x9f\x98\x80\n",
       }) {
    expectPromises(text);
  }
}

// Writes files of every form that an operator or a program might write.
class Files {
 public:
  explicit Files(unsigned seed) : random_(seed) {}

  std::string next() {
    lineEnd_ = odds(4) ? "\r\n" : "\n";
    std::string text = odds(3) ? json() : block();
    if (odds(4) && text.find('|') == std::string::npos) {
      while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    }
    return text;
  }

 private:
  bool odds(unsigned of) { return random_() % of == 0; }
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  std::string spaces(unsigned count) { return std::string(count, ' '); }
  std::string name() { return "p" + std::to_string(below(1000)) + (odds(5) ? "-registry-credential-broker" : ""); }

  // Lines that mean nothing.
  std::string filler() {
    std::string text;
    while (odds(3)) {
      text += spaces(below(7)) + (odds(2) ? "# providers: - [{" : odds(2) ? "\t# tab" : "") + lineEnd_;
    }
    return text;
  }
  std::string lineTail() { return (odds(4) ? " # ,]} - x" : odds(6) ? "  " : "") + lineEnd_; }

  std::string block() {
    std::string text = odds(4) ? "---" + lineEnd_ : "";
    std::vector<std::string> members = {"kind: CredentialProviderConfig" + lineTail(),
                                        "apiVersion: kubelet.config.k8s.io/v1" + lineTail(), providers()};
    if (odds(3)) members.push_back("extra:" + lineTail() + "  - name: registry-credential-broker" + lineTail());
    std::shuffle(members.begin(), members.end(), random_);
    text += filler();
    for (const std::string& member : members) text += member + filler();
    if (odds(5)) text += "..." + lineEnd_;
    return text;
  }

  std::string providers() {
    const std::string key = odds(5) ? "'providers':" : "providers:";
    if (odds(6)) return key + " []" + lineTail();
    if (odds(4)) return key + " " + list(odds(2), 2) + lineTail();
    std::string text = key + lineTail() + filler();
    const unsigned column = below(5);
    for (unsigned i = 0; i <= below(4); ++i) text += blockEntry(column) + filler();
    return text;
  }

  std::string blockEntry(unsigned column) {
    const std::string dash = spaces(column) + "-";
    if (odds(5)) return dash + " {name: " + name() + "}" + lineTail();
    const unsigned gap = 1 + below(3);
    const std::string indent = spaces(column + 1 + gap);
    std::string text = dash + (odds(6) ? lineTail() + indent : spaces(gap)) + "name: " + name() + lineTail();
    if (odds(2)) text += indent + "matchImages:" + lineTail() + indent + "- '*.example.com'" + lineTail();
    if (odds(4)) text += filler() + indent + "env: [{name: A, value: \"- b\"}]" + lineTail();
    if (odds(5)) text += indent + "args: |" + lineEnd_ + indent + "  - # text" + lineEnd_ + (odds(2) ? lineEnd_ : "");
    if (odds(5)) text += indent + "more: several" + lineEnd_ + indent + " lines" + lineTail();
    return text;
  }

  std::string json() {
    const bool pretty = odds(2);
    const std::string gap = pretty ? lineEnd_ + (odds(3) ? "\t" : "  ") : odds(2) ? " " : "";
    const std::string colon = odds(4) ? ":" : ": ";
    std::vector<std::string> members = {"\"kind\"" + colon + "\"CredentialProviderConfig\"",
                                        "\"providers\"" + colon + (odds(5) ? "[]" : list(pretty, 4)),
                                        "\"extra\"" + colon + "[{\"name\": \"registry-credential-broker\"}]"};
    std::shuffle(members.begin(), members.end(), random_);
    std::string text = "{";
    for (std::size_t i = 0; i < members.size(); ++i) text += (i > 0 ? "," : "") + gap + members[i];
    return text + (pretty ? lineEnd_ : "") + "}" + lineEnd_;
  }

  // A list in brackets. Comments only where the column shows that it is YAML.
  std::string list(bool pretty, unsigned column) {
    const std::string gap = pretty ? lineEnd_ + spaces(column) : odds(2) ? " " : "";
    std::string text = "[" + gap;
    const unsigned last = below(3);
    for (unsigned i = 0; i <= last; ++i) {
      text += "{\"name\": \"" + name() + "\"}" + (i < last ? "," : "");
      if (column == 2 && pretty && odds(3)) text += " # a, b ]";
      if (i < last || (pretty && !odds(4)))
        text += i < last ? gap : lineEnd_ + spaces(column - 2);
      else if (text.ends_with("]") && !text.ends_with("}"))
        text += lineEnd_;
    }
    return text + "]";
  }

  std::mt19937 random_;
  std::string lineEnd_;
};

TEST(ProviderFileEdit, GivesTheOriginalBytesOfGeneratedFilesBack) {
  int read = 0;
  for (unsigned seed = 0; seed < 400 && !testing::Test::HasFailure(); ++seed) {
    const std::string text = Files(seed).next();
    ProblemList problems;
    if (!readYaml(text, problems, YamlStrings::kSeveralLines) || !problems.empty()) continue;
    ++read;
    expectPromises(text);
  }
  EXPECT_GT(read, 200);
}

// --- Refusals ---

TEST(ProviderFileEdit, RefusesWhatItCannotReadAndSaysWhere) {
  const std::string head = "kind: CredentialProviderConfig\n";
  for (const auto& [text, reason] : std::initializer_list<std::pair<std::string, std::string>>{
           {"", "the file is empty"},
           {"# nothing\n", "the file is empty"},
           {"text", "it is a string, not a map"},
           {"[]", "it is a list, not a map"},
           {head + "providers: [\n", "invalid YAML: did not find expected node content"},
           {head + "providers:\n- name: &a a\n", "providers[0].name: anchors (&) are not supported"},
           {head + "providers:\n- *a\n", "providers[0]: aliases (*) are not supported"},
           {head + "providers: !!seq []\n", "providers: tags (!) are not supported"},
           {head + "providers: []\nproviders: []\n", "providers: duplicate key; first defined at line 2"},
           {head + "providers: []\n---\na: b\n", "a second YAML document begins here"},
           {head + "providers: []\r", "U+000D is not allowed"},
           {"\xef\xbb\xbf" + head + "providers: []\n", "the file begins with a byte order mark"},
           {head + "providers: \"\xff\"\n", "the file is not valid UTF-8"},
           {head + std::string("providers: []\0\n", 15), "U+0000 is not allowed"},
           {"providers: []\n", "it has no 'kind'"},
           {"kind: BrokerConfig\nproviders: []\n", "its kind is 'BrokerConfig', not CredentialProviderConfig"},
           {"kind: [CredentialProviderConfig]\nproviders: []\n", "its kind is '', not CredentialProviderConfig"},
           {head, "it has no list 'providers'"},
           {head + "x: {providers: []}\n", "it has no list 'providers'"},
           {"{kind: CredentialProviderConfig, providers}", "it has no list 'providers'"},
           {head + "providers: {}\n", "'providers' is a map, not a list"},
           {head + "providers: name\n", "'providers' is a string, not a list"},
           {head + "providers: ''\n", "'providers' is a string, not a list"},
           {head + "? providers\n: - name: a\n", "one of its elements does not begin a line"},
           {head + "providers:\n- name: a\n  args: |\n    text",
            "'providers' is written in a way that lets no entry be changed"},
       }) {
    EXPECT_THAT(mistake(text), HasSubstr(reason)) << text;
  }
  EXPECT_THAT(mistake(head + "\nproviders: name\n"), HasSubstr("(code=config-invalid, line=3, column=12)"));
}

TEST(ProviderFileEdit, RefusesMoreEntriesOfItsOwnThanAnyoneHas) {
  std::string text = "kind: CredentialProviderConfig\nproviders:\n";
  for (int i = 0; i < 256; ++i) text += "- name: registry-credential-broker-" + std::to_string(i) + "\n";
  EXPECT_EQ(removeEntries(text), "kind: CredentialProviderConfig\nproviders: []\n");
  EXPECT_THAT(mistake(text + "- name: registry-credential-broker\n"), HasSubstr("more than 256 of its entries"));
}

TEST(ProviderFileEdit, EditsALargeFileAndRefusesALargerOne) {
  std::string text = "kind: CredentialProviderConfig\nproviders:\n- name: a\n";
  while (text.size() < kYamlBytes - 1000) text += "# " + std::string(996, '.') + "\n- x\n";
  EXPECT_EQ(removeEntries(mergeEntries(text, kTwo)), text);
  text += std::string(1000, '\n');
  EXPECT_THAT(mistake(text), HasSubstr("the file is larger than 4 MiB"));
}

TEST(ProviderFileEdit, RefusesDeepNesting) {
  const std::string text = "kind: CredentialProviderConfig\nproviders: " + std::string(100'000, '[');
  EXPECT_THAT(mistake(text), HasSubstr("nested more than 16 levels deep"));
}

}  // namespace
}  // namespace rcb
