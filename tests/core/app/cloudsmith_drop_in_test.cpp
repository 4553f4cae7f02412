#include "core/app/cloudsmith_drop_in.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

std::vector<std::pair<std::string, std::string>> settingsOf(const Broker& broker) {
  std::vector<std::pair<std::string, std::string>> settings;
  for (const Setting& setting : broker.config.rules.at(0).settings) settings.emplace_back(setting.name, setting.value);
  return settings;
}

// The broker for these keys, which must be right.
Broker brokerFor(const CloudsmithKeys& keys) {
  std::vector<Problem> problems;
  Broker broker = cloudsmithBroker(keys, "test", problems);
  EXPECT_THAT(problems, IsEmpty());
  return broker;
}

// The problems of keys that are wrong.
std::vector<Problem> problemsOf(const CloudsmithKeys& keys) {
  std::vector<Problem> problems;
  cloudsmithBroker(keys, "test", problems);
  return problems;
}

TEST(CloudsmithDropIn, IsChosenByTheVariablesThatThePluginReads) {
  EXPECT_TRUE(hasCloudsmithVariables({{"CLOUDSMITH_ORG_SLUG", "acme"}}));
  EXPECT_TRUE(hasCloudsmithVariables({{"CLOUDSMITH_HEADER_X_ENV", "prod"}}));
  EXPECT_FALSE(
      hasCloudsmithVariables({{"CLOUDSMITH_API_KEY", "x"}, {"ORG_SLUG", "acme"}, {"CLOUDSMITHORG_SLUG", "acme"}}));
}

TEST(CloudsmithDropIn, ReadsEveryVariable) {
  std::vector<Problem> problems;
  std::vector<std::string> notes;
  const CloudsmithKeys keys = readCloudsmithVariables({{"CLOUDSMITH_ORG_SLUG", "acme"},
                                                       {"CLOUDSMITH_SERVICE_SLUG", "puller"},
                                                       {"CLOUDSMITH_HEADER_X_ENV_NAME", "prod"},
                                                       {"CLOUDSMITH_HEADERS", R"({"X-Team":"a"})"},
                                                       {"PATH", "/bin"}},
                                                      problems, notes);
  EXPECT_THAT(keys, UnorderedElementsAre(Pair("org_slug", "acme"), Pair("service_slug", "puller"),
                                         Pair("headers.x-env-name", "prod"), Pair("headers.x-team", "a")));
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_THAT(notes, IsEmpty());
}

TEST(CloudsmithDropIn, NotesAVariableThatIsProbablyASlip) {
  std::vector<Problem> problems;
  std::vector<std::string> notes;
  readCloudsmithVariables({{"CLOUDSMITH_ORG_SLUGS", "acme"}}, problems, notes);
  EXPECT_THAT(notes, ElementsAre("CLOUDSMITH_ORG_SLUGS is not read; did you mean CLOUDSMITH_ORG_SLUG?"));
  EXPECT_THAT(problems, IsEmpty());
}

TEST(CloudsmithDropIn, RefusesHeadersThatAreNoObjectOfStrings) {
  for (const char* value : {"x", "[]", R"({"a":1})"}) {
    std::vector<Problem> problems;
    std::vector<std::string> notes;
    readCloudsmithVariables({{"CLOUDSMITH_HEADERS", value}}, problems, notes);
    EXPECT_THAT(problems, ElementsAre(Field(&Problem::path, "CLOUDSMITH_HEADERS"))) << value;
  }
}

TEST(CloudsmithDropIn, TakesAFileWithoutTheBrokersOwnKeysForOneOfThePlugin) {
  EXPECT_TRUE(looksLikeCloudsmithFile("org_slug: acme\n"));
  EXPECT_TRUE(looksLikeCloudsmithFile(R"({"service_slug": "x"})"));
  EXPECT_FALSE(looksLikeCloudsmithFile("apiVersion: x\norg_slug: acme\n"));
  EXPECT_FALSE(looksLikeCloudsmithFile("anything: else\n"));
  EXPECT_FALSE(looksLikeCloudsmithFile(""));
}

TEST(CloudsmithDropIn, ReadsThePluginsFile) {
  std::vector<Problem> problems;
  const CloudsmithKeys keys = readCloudsmithFile(
      "org_slug: acme\nservice_slug: puller\nmax_retry_attempts: 5\nheaders:\n  X-Env: prod\n", problems);
  EXPECT_THAT(keys, UnorderedElementsAre(Pair("org_slug", "acme"), Pair("service_slug", "puller"),
                                         Pair("max_retry_attempts", "5"), Pair("headers.x-env", "prod")));
  EXPECT_THAT(problems, IsEmpty());
}

TEST(CloudsmithDropIn, PlacesProblemsOfThePluginsFile) {
  std::vector<Problem> problems;
  readCloudsmithFile("org_slug: acme\norg_slgu: b\nservice_slug: [a]\nheaders: x\n", problems);
  ASSERT_EQ(problems.size(), 3u);
  EXPECT_THAT(problems[0].line("f"), AllOf(HasSubstr("f:2:1: org_slgu: "), HasSubstr("org_slug")));
  EXPECT_THAT(problems[1].line("f"), HasSubstr("f:3:15: service_slug: "));
  EXPECT_THAT(problems[2].line("f"), HasSubstr("f:4:10: headers: "));
}

TEST(CloudsmithDropIn, ReportsAPluginFileThatIsNoYaml) {
  std::vector<Problem> problems;
  readCloudsmithFile("org_slug: [", problems);
  EXPECT_EQ(problems.size(), 1u);
}

TEST(CloudsmithDropIn, HasThePluginsDefaults) {
  const Broker broker = brokerFor({{"org_slug", "acme"}, {"service_slug", "puller"}});
  EXPECT_TRUE(broker.dropIn);
  EXPECT_EQ(broker.config.deadline, std::chrono::seconds(30));
  EXPECT_EQ(broker.config.logLevel, LogLevel::kInfo);
  EXPECT_EQ(broker.retry.attempts, 3);
  EXPECT_EQ(broker.retry.firstWait, std::chrono::seconds(1));
  EXPECT_EQ(broker.config.rules.at(0).module, "cloudsmith");
  EXPECT_TRUE(broker.config.rules.at(0).identity.tokenRequired);
  EXPECT_THAT(settingsOf(broker), UnorderedElementsAre(Pair("organization", "acme"), Pair("service", "puller")));
}

TEST(CloudsmithDropIn, GivesEffectToEverySetting) {
  const Broker broker = brokerFor({{"api_host", "api.example.com"},
                                   {"org_slug", "acme"},
                                   {"service_slug", "puller"},
                                   {"log_level", "Warning"},
                                   {"insecure_skip_verify", "false"},
                                   {"headers.x-env", "prod"},
                                   {"http_timeout", "5s"},
                                   {"max_idle_conns", "10"},
                                   {"idle_conn_timeout", "30s"},
                                   {"max_retry_attempts", "2"},
                                   {"retry_backoff_duration", "200ms"},
                                   {"retry_backoff_factor", "1.5"},
                                   {"retry_backoff_jitter", "0.5"},
                                   {"retry_backoff_cap", "3s"}});
  EXPECT_EQ(broker.config.logLevel, LogLevel::kWarn);
  EXPECT_EQ(broker.retry.attempts, 2);
  EXPECT_EQ(broker.retry.firstWait, std::chrono::milliseconds(200));
  EXPECT_EQ(broker.retry.longestWait, std::chrono::seconds(3));
  EXPECT_EQ(broker.retry.attemptLimit, std::chrono::seconds(5));
  EXPECT_DOUBLE_EQ(broker.retry.factor, 1.5);
  EXPECT_DOUBLE_EQ(broker.retry.jitter, 0.5);
  EXPECT_THAT(settingsOf(broker), UnorderedElementsAre(Pair("apiHost", "api.example.com"), Pair("organization", "acme"),
                                                       Pair("service", "puller"), Pair("headers", "x-env: prod")));
}

TEST(CloudsmithDropIn, RefusesToSwitchVerificationOffAndSaysWhy) {
  for (const char* value : {"true", "TRUE", "1", "yes"}) {
    EXPECT_THAT(problemsOf({{"insecure_skip_verify", value}}),
                ElementsAre(AllOf(Field(&Problem::path, "insecure_skip_verify"),
                                  Field(&Problem::reason, HasSubstr("cannot be switched off")))));
  }
}

TEST(CloudsmithDropIn, LetsAnAnnotationNameOnlyTheConfiguredHost) {
  const auto hostBinding = [](const Broker& broker) { return broker.config.rules.at(0).annotations.at(2); };
  EXPECT_EQ(hostBinding(brokerFor({})).annotation, "cloudsmith.io/api-host");
  EXPECT_THAT(*hostBinding(brokerFor({})).oneOf, ElementsAre("api.cloudsmith.io"));
  EXPECT_THAT(*hostBinding(brokerFor({{"api_host", "api.example.com"}})).oneOf, ElementsAre("api.example.com"));
}

TEST(CloudsmithDropIn, RefusesValuesThatMeanNothing) {
  EXPECT_EQ(problemsOf({{"log_level", "loud"}}).size(), 1u);
  EXPECT_EQ(problemsOf({{"http_timeout", "30"}}).size(), 1u);
  EXPECT_EQ(problemsOf({{"http_timeout", "-3s"}}).size(), 1u);
  EXPECT_EQ(problemsOf({{"max_retry_attempts", "0"}}).size(), 1u);
  EXPECT_EQ(problemsOf({{"max_retry_attempts", "two"}}).size(), 1u);
  EXPECT_EQ(problemsOf({{"retry_backoff_jitter", "2"}}).size(), 1u);
  EXPECT_EQ(problemsOf({{"retry_backoff_factor", "1e3"}}).size(), 1u);
  EXPECT_EQ(problemsOf({{"log_level", "x"}, {"http_timeout", "y"}, {"retry_backoff_cap", "z"}}).size(), 3u);
}

TEST(CloudsmithDropIn, TreatsAnEmptyValueAsAbsent) {
  EXPECT_THAT(settingsOf(brokerFor({{"org_slug", ""}, {"log_level", ""}, {"http_timeout", ""}})), IsEmpty());
}

}  // namespace
}  // namespace rcb
