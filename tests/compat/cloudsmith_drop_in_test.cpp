#include "compat/cloudsmith_drop_in.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using std::chrono::milliseconds;
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
  ProblemList problems;
  Broker broker = cloudsmithBroker(keys, "test", problems);
  for (const Problem& problem : problems.take()) ADD_FAILURE() << problem.line("test");
  return broker;
}

// The problems of keys that are wrong.
std::vector<Problem> problemsOf(const CloudsmithKeys& keys) {
  ProblemList problems;
  cloudsmithBroker(keys, "test", problems);
  return problems.take();
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
  EXPECT_THAT(broker.notes, IsEmpty());
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
  EXPECT_EQ(broker.retry.firstWait, milliseconds(200));
  EXPECT_EQ(broker.retry.longestWait, std::chrono::seconds(3));
  EXPECT_EQ(broker.retry.attemptLimit, std::chrono::seconds(5));
  EXPECT_DOUBLE_EQ(broker.retry.factor, 1.5);
  EXPECT_DOUBLE_EQ(broker.retry.jitter, 0.5);
  EXPECT_THAT(settingsOf(broker), UnorderedElementsAre(Pair("apiHost", "api.example.com"), Pair("organization", "acme"),
                                                       Pair("service", "puller"), Pair("headers", "x-env: prod")));
  EXPECT_THAT(broker.notes, IsEmpty());
}

TEST(CloudsmithDropIn, TakesEveryDurationThatThePluginTakes) {
  struct Case {
    const char* text;
    milliseconds attemptLimit;
    milliseconds firstWait;
    milliseconds longestWait;
  };
  constexpr milliseconds kRun{30'000};
  const Case cases[] = {
      {"1.5s", milliseconds(1500), milliseconds(1500), milliseconds(1500)},
      {"0m0.5s", milliseconds(500), milliseconds(500), milliseconds(500)},
      {".5s", milliseconds(500), milliseconds(500), milliseconds(500)},
      {"1m0.5s", kRun, kRun, kRun},
      {"1h", kRun, kRun, kRun},
      {"2562047h", kRun, kRun, kRun},
      {"500us", milliseconds(1), milliseconds(1), milliseconds(1)},
      {"1\xc2\xb5s", milliseconds(1), milliseconds(1), milliseconds(1)},
      {"1500us", milliseconds(2), milliseconds(2), milliseconds(2)},
      {"0", kRun, milliseconds(0), kRun},
      {"0s", kRun, milliseconds(0), kRun},
      {"-3s", kRun, milliseconds(0), kRun},
  };
  for (const Case& one : cases) {
    const Broker broker = brokerFor({{"http_timeout", one.text},
                                     {"retry_backoff_duration", one.text},
                                     {"retry_backoff_cap", one.text},
                                     {"idle_conn_timeout", one.text}});
    EXPECT_EQ(broker.retry.attemptLimit, one.attemptLimit) << one.text;
    EXPECT_EQ(broker.retry.firstWait, one.firstWait) << one.text;
    EXPECT_EQ(broker.retry.longestWait, one.longestWait) << one.text;
  }
}

TEST(CloudsmithDropIn, NotesALimitThatIsNone) {
  EXPECT_THAT(brokerFor({{"http_timeout", "0s"}}).notes, ElementsAre(HasSubstr("http_timeout: not positive")));
  EXPECT_THAT(brokerFor({{"http_timeout", "30ns"}}).notes, ElementsAre(HasSubstr("a number without a unit")));
}

TEST(CloudsmithDropIn, TakesEveryLogLevelThatThePluginTakes) {
  using enum LogLevel;
  const std::pair<const char*, LogLevel> cases[] = {
      {"trace", kDebug}, {"DEBUG", kDebug}, {"Info", kInfo}, {"warn", kWarn}, {"WARNING", kWarn}, {"error", kError},
      {"fatal", kError}, {"panic", kError}, {"loud", kInfo}, {"4", kInfo},    {" debug", kInfo}};
  for (const auto& [text, level] : cases) {
    EXPECT_EQ(brokerFor({{"log_level", text}}).config.logLevel, level) << text;
  }
  EXPECT_THAT(brokerFor({{"log_level", "loud"}}).notes, ElementsAre(HasSubstr("log_level: \"loud\" is not one of")));
}

TEST(CloudsmithDropIn, TakesEveryCountOfAttemptsThatThePluginTakes) {
  const std::pair<const char*, int> cases[] = {{"1", 1},     {"20", 20},   {"+7", 7},
                                               {"0x14", 20}, {"100", 100}, {"1000000", 100}};
  for (const auto& [text, attempts] : cases) {
    EXPECT_EQ(brokerFor({{"max_retry_attempts", text}}).retry.attempts, attempts) << text;
  }
  EXPECT_THAT(brokerFor({{"max_retry_attempts", "101"}}).notes,
              ElementsAre("max_retry_attempts: 100 is used instead of 101"));
}

TEST(CloudsmithDropIn, TakesEveryFactorThatThePluginTakes) {
  const std::pair<const char*, double> factors[] = {{"1", 1}, {"1.5", 1.5}, {"1e1", 10},  {"1e3", 1000},
                                                    {"0", 1}, {"-1", 1},    {"1e9", 1000}};
  for (const auto& [text, factor] : factors) {
    EXPECT_DOUBLE_EQ(brokerFor({{"retry_backoff_factor", text}}).retry.factor, factor) << text;
  }
  const std::pair<const char*, double> jitters[] = {{"0", 0}, {"2", 2}, {"-1", 0}, {"99", 10}};
  for (const auto& [text, jitter] : jitters) {
    EXPECT_DOUBLE_EQ(brokerFor({{"retry_backoff_jitter", text}}).retry.jitter, jitter) << text;
  }
  EXPECT_THAT(brokerFor({{"retry_backoff_factor", "0.5"}}).notes,
              ElementsAre("retry_backoff_factor: 1 is used instead of 0.5"));
}

TEST(CloudsmithDropIn, TakesEveryNumberOfIdleConnections) {
  for (const char* text : {"0", "-1", "10", "1000000000"}) brokerFor({{"max_idle_conns", text}});
}

TEST(CloudsmithDropIn, LeavesOutHeadersThatOnlyTheClientKnows) {
  for (const char* name : {"host", "content-type", "content-length", "connection", "transfer-encoding", "expect", "te",
                           "trailer", "upgrade", "proxy-authorization"}) {
    const Broker broker = brokerFor({{std::string("headers.") + name, "x"}, {"headers.x-env", "prod"}});
    EXPECT_THAT(settingsOf(broker), ElementsAre(Pair("headers", "x-env: prod"))) << name;
    EXPECT_THAT(broker.notes,
                ElementsAre("headers: " + std::string(name) + " is not sent: the program sets it itself"));
  }
  EXPECT_THAT(settingsOf(brokerFor({{"headers.user-agent", "mine"}})),
              ElementsAre(Pair("headers", "user-agent: mine")));
}

TEST(CloudsmithDropIn, RefusesToSwitchVerificationOffAndSaysWhy) {
  for (const char* value : {"true", "TRUE", "True", "t", "T", "1"}) {
    EXPECT_THAT(problemsOf({{"insecure_skip_verify", value}}),
                ElementsAre(AllOf(Field(&Problem::path, "insecure_skip_verify"),
                                  Field(&Problem::reason, HasSubstr("cannot be switched off")))))
        << value;
  }
  for (const char* value : {"false", "FALSE", "False", "f", "F", "0"}) brokerFor({{"insecure_skip_verify", value}});
}

TEST(CloudsmithDropIn, LetsAnAnnotationNameOnlyTheConfiguredHost) {
  const auto hostBinding = [](const Broker& broker) { return broker.config.rules.at(0).annotations.at(2); };
  EXPECT_EQ(hostBinding(brokerFor({})).annotation, "cloudsmith.io/api-host");
  EXPECT_THAT(*hostBinding(brokerFor({})).oneOf, ElementsAre("api.cloudsmith.io"));
  EXPECT_THAT(*hostBinding(brokerFor({{"api_host", "api.example.com"}})).oneOf, ElementsAre("api.example.com"));
}

TEST(CloudsmithDropIn, RefusesWhatThePluginFailsWith) {
  const std::pair<const char*, const char*> cases[] = {
      {"http_timeout", "30"},          {"http_timeout", "30 s"},          {"http_timeout", "soon"},
      {"retry_backoff_cap", "1d"},     {"retry_backoff_duration", "1s2"}, {"idle_conn_timeout", "x"},
      {"max_retry_attempts", "0"},     {"max_retry_attempts", "-1"},      {"max_retry_attempts", "two"},
      {"max_retry_attempts", "2.5"},   {"max_idle_conns", "many"},        {"retry_backoff_factor", "double"},
      {"retry_backoff_jitter", "nan"}, {"insecure_skip_verify", "yes"},   {"insecure_skip_verify", "no"},
  };
  for (const auto& [key, value] : cases) {
    EXPECT_THAT(problemsOf({{key, value}}), ElementsAre(Field(&Problem::path, key))) << value;
  }
  EXPECT_EQ(problemsOf({{"http_timeout", "x"}, {"retry_backoff_cap", "z"}}).size(), 2u);
}

TEST(CloudsmithDropIn, TreatsAnEmptyValueAsAbsent) {
  EXPECT_THAT(settingsOf(brokerFor({{"org_slug", ""}, {"log_level", ""}, {"http_timeout", ""}})), IsEmpty());
}

TEST(CloudsmithDropIn, GoesWithoutAProxyThatItCannotUse) {
  for (const char* proxy : {"https://proxy.invalid:3128", "socks5://user:canary@proxy.invalid", "http://",
                            "http://proxy.invalid:99999", "http://a b"}) {
    for (const char* name : {"HTTPS_PROXY", "https_proxy"}) {
      Broker broker;
      const Environment environment = {{name, proxy}, {"NO_PROXY", "cloudsmith.io"}};
      ignoreUnusableProxy(environment, broker);
      EXPECT_THAT(networkEnvironment(broker, environment), ElementsAre(Pair("NO_PROXY", "cloudsmith.io"))) << proxy;
      EXPECT_THAT(broker.notes, ElementsAre(AllOf(HasSubstr("HTTPS_PROXY"), HasSubstr("goes without it"),
                                                  testing::Not(HasSubstr("canary")))));
    }
  }
}

TEST(CloudsmithDropIn, UsesAProxyThatItCanUse) {
  Broker broker;
  const Environment environment = {{"HTTPS_PROXY", "http://proxy.invalid:3128"}};
  ignoreUnusableProxy(environment, broker);
  EXPECT_EQ(networkEnvironment(broker, environment), environment);
  EXPECT_THAT(broker.notes, IsEmpty());
}

}  // namespace
}  // namespace rcb
