#include "core/broker/cloudsmith_keys.hpp"

#include "core/settings/yaml_document.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

struct ReadFile {
  CloudsmithKeys keys;
  std::vector<std::string> problems;
};

ReadFile readFile(std::string_view text) {
  ProblemList problems;
  const auto document = readYaml(text, problems);
  ReadFile read;
  if (document) read.keys = readCloudsmithFile(document->root, problems);
  for (const Problem& problem : problems.take()) read.problems.push_back(problem.line("f"));
  return read;
}

bool isPluginsFile(std::string_view text) {
  ProblemList problems;
  const auto document = readYaml(text, problems);
  return document && isCloudsmithFile(document->root);
}

CloudsmithKeys readVariables(const Environment& environment, std::vector<std::string>* noted = nullptr) {
  std::vector<std::string> notes;
  CloudsmithKeys keys = readCloudsmithVariables(environment, notes);
  if (noted != nullptr) {
    *noted = notes;
  } else {
    EXPECT_THAT(notes, IsEmpty());
  }
  return keys;
}

TEST(CloudsmithVariables, ChooseThePluginIfOneThatItReadsHasAValue) {
  EXPECT_TRUE(hasCloudsmithVariables({{"CLOUDSMITH_ORG_SLUG", "acme"}}));
  EXPECT_TRUE(hasCloudsmithVariables({{"CLOUDSMITH_HEADER_X_ENV", "prod"}}));
  EXPECT_TRUE(hasCloudsmithVariables({{"CLOUDSMITH_RETRY_BACKOFF_CAP", "1s"}}));
  EXPECT_FALSE(hasCloudsmithVariables({{"CLOUDSMITH_API_KEY", "x"},
                                       {"ORG_SLUG", "acme"},
                                       {"CLOUDSMITHORG_SLUG", "acme"},
                                       {"CLOUDSMITH_org_slug", "acme"},
                                       {"CLOUDSMITH_HEADER_", "x"}}));
  EXPECT_FALSE(hasCloudsmithVariables(
      {{"CLOUDSMITH_ORG_SLUG", ""}, {"CLOUDSMITH_HEADERS", ""}, {"CLOUDSMITH_HEADER_X_ENV", ""}}));
}

TEST(CloudsmithVariables, AreReadByName) {
  EXPECT_THAT(readVariables({{"CLOUDSMITH_ORG_SLUG", "acme"},
                             {"CLOUDSMITH_SERVICE_SLUG", "puller"},
                             {"CLOUDSMITH_HEADER_X_ENV_NAME", "prod"},
                             {"CLOUDSMITH_HEADERS", R"({"X-Team":"a"})"},
                             {"PATH", "/bin"}}),
              UnorderedElementsAre(Pair("org_slug", "acme"), Pair("service_slug", "puller"),
                                   Pair("headers.x-env-name", "prod"), Pair("headers.x-team", "a")));
}

TEST(CloudsmithVariables, CountAsUnsetWhenEmpty) {
  for (const char* name :
       {"API_HOST", "ORG_SLUG", "SERVICE_SLUG", "LOG_LEVEL", "INSECURE_SKIP_VERIFY", "HEADERS", "HTTP_TIMEOUT",
        "MAX_IDLE_CONNS", "IDLE_CONN_TIMEOUT", "MAX_RETRY_ATTEMPTS", "RETRY_BACKOFF_DURATION", "RETRY_BACKOFF_FACTOR",
        "RETRY_BACKOFF_JITTER", "RETRY_BACKOFF_CAP", "HEADER_X_ENV", "UNKNOWN"}) {
    EXPECT_THAT(readVariables({{std::string("CLOUDSMITH_") + name, ""}}), IsEmpty()) << name;
  }
}

TEST(CloudsmithVariables, ThatAreProbablyASlipAreNoted) {
  std::vector<std::string> notes;
  EXPECT_THAT(readVariables({{"CLOUDSMITH_ORG_SLUGS", "acme"}, {"CLOUDSMITH_org_slug", "acme"}}, &notes), IsEmpty());
  EXPECT_THAT(notes, ElementsAre("CLOUDSMITH_ORG_SLUGS is not read; did you mean CLOUDSMITH_ORG_SLUG?",
                                 "CLOUDSMITH_org_slug is not read; did you mean CLOUDSMITH_ORG_SLUG?"));
}

TEST(CloudsmithVariables, OfHeadersAreTakenAsFarAsThePluginTakesThem) {
  for (const char* value : {"x", "[]", "X-Env: prod", "null", " ", R"({"a":"b"} x)"}) {
    std::vector<std::string> notes;
    EXPECT_THAT(readVariables({{"CLOUDSMITH_HEADERS", value}}, &notes), IsEmpty()) << value;
    EXPECT_THAT(notes, ElementsAre(HasSubstr("CLOUDSMITH_HEADERS is not read"))) << value;
  }
  std::vector<std::string> notes;
  EXPECT_THAT(readVariables({{"CLOUDSMITH_HEADERS", R"({"a":1,"b":"c","d":null})"}}, &notes),
              ElementsAre(Pair("headers.b", "c")));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("the header a of"), HasSubstr("the header d of")));
}

TEST(CloudsmithFile, IsKnownByItsTopLevelKeysAlone) {
  for (const char* text : {
           "org_slug: acme\n",
           "org_slug: kindred\n",
           "# the kind of file that apiVersion has none of\norg_slug: acme\n",
           "service_slug: apiVersion\n",
           "ORG_SLUG: acme\n",
           "Api_Host: api.example.com\n",
           R"({"service_slug": "x"})",
           R"({"Service_Slug": "kind", "org_slug": "apiVersion"})",
           R"({"org\u005fslug": "x"})",
           "headers: {kind: a, apiVersion: b}\n",
           "header_x_env: prod\n",
           "\"org_slug\": acme\n",
           "unknown: 1\norg_slug: acme\n",
       }) {
    EXPECT_TRUE(isPluginsFile(text)) << text;
  }
  for (const char* text : {
           "",
           "# org_slug: acme\n",
           "anything: else\n",
           "anything: org_slug\n",
           "anything: {org_slug: acme}\n",
           "[org_slug]\n",
           "org_slug\n",
           "header_: x\n",
           "apiVersion: x\n# org_slug\n",
           "providers:\n- name: a # org_slug\n  settings: {headers: [a]}\n",
           R"({"providers": [{"org_slug": "x"}]})",
           "org_slug: [",
       }) {
    EXPECT_FALSE(isPluginsFile(text)) << text;
  }
}

TEST(CloudsmithFile, IsRead) {
  for (const char* text :
       {"org_slug: acme\nservice_slug: puller\nmax_retry_attempts: 5\nheaders:\n  X-Env: prod\n",
        "ORG_SLUG: acme\nService_Slug: puller\nmax_retry_attempts: '5'\nheader_x_env: prod\n",
        R"({"org_slug": "acme", "service_slug": "puller", "max_retry_attempts": 5.0, "headers": {"x-env": "prod"}})"}) {
    const ReadFile read = readFile(text);
    EXPECT_THAT(read.keys, UnorderedElementsAre(Pair("org_slug", "acme"), Pair("service_slug", "puller"),
                                                Pair("max_retry_attempts", "5"), Pair("headers.x-env", "prod")))
        << text;
    EXPECT_THAT(read.problems, IsEmpty()) << text;
  }
}

TEST(CloudsmithFile, HasNanosecondsWhereANumberHasNoUnit) {
  const std::pair<const char*, const char*> cases[] = {
      {"30", "30ns"}, {"1.5e9", "1500000000ns"}, {"30s", "30s"}, {"'30'", "30"}, {"0", "0ns"},
      {"-1", "-1ns"}, {"1_000", "1000ns"}};
  for (const auto& [text, value] : cases) {
    EXPECT_THAT(readFile("http_timeout: " + std::string(text) + "\n").keys, ElementsAre(Pair("http_timeout", value)));
  }
}

TEST(CloudsmithFile, LacksWhatHasNoValue) {
  const ReadFile read = readFile("org_slug:\napi_host: ''\nheaders:\nhttp_timeout: ~\nservice_slug: null\n");
  EXPECT_THAT(read.keys, IsEmpty());
  EXPECT_THAT(read.problems, IsEmpty());
}

TEST(CloudsmithFile, HasItsProblemsWithTheirPlaces) {
  EXPECT_THAT(readFile("org_slug: acme\norg_slgu: b\nservice_slug: [a]\nheaders: x\n").problems,
              ElementsAre("f:2:1: org_slgu: this key is not known; did you mean org_slug?",
                          "f:3:15: service_slug: it is a list", "f:4:10: headers: it is a string"));
  EXPECT_THAT(readFile("headers: {a: [b], c: {d: e}}\n").problems,
              ElementsAre("f:1:14: headers.a: it is a list", "f:1:22: headers.c: it is a map"));
}

TEST(CloudsmithFile, RefusesAKeyInTwoSpellings) {
  EXPECT_THAT(readFile("org_slug: a\nOrg_Slug: b\n").problems,
              ElementsAre("f:2:1: Org_Slug: duplicate key; first defined at line 1"));
  EXPECT_THAT(readFile("org_slug: a\norg_slug: b\n").problems, testing::SizeIs(1));
}

TEST(CloudsmithFile, SaysSoIfItIsABrokerFileToo) {
  for (const char* key : {"apiVersion", "kind", "providers", "deadline", "logLevel", "KIND"}) {
    EXPECT_THAT(readFile("org_slug: acme\n" + std::string(key) + ": x\n").problems,
                ElementsAre("f:2:1: " + std::string(key) +
                            ": this is a key of a broker file, and org_slug (line 1) one of Cloudsmith's plugin; write "
                            "a file for one of the two"));
  }
  EXPECT_THAT(readFile("apiVersion: x\nkind: y\nproviders: []\norg_slug: acme\n").problems, testing::SizeIs(1));
}

}  // namespace
}  // namespace rcb
