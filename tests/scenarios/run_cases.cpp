// Runs the real program on every scenario of cases/, against real servers over real TLS. Each scenario is one test.
#include "core/support/public_line.hpp"
#include "core/support/secret.hpp"
#include "tests/scenarios/expectation.hpp"
#include "tests/scenarios/operations_guide.hpp"
#include "tests/scenarios/placeholders.hpp"
#include "tests/scenarios/scenario.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/random_text.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tested_program.hpp"
#include "tests/support/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stop_token>
#include <thread>

namespace rcb::test {
namespace {

// The exchange's name at the proxy; nothing else resolves it.
constexpr const char* kExchangeName = "api.cloudsmith.invalid";
// Names of other exchanges, which only the proxy resolves in a scenario.
constexpr const char* kOtherNames[] = {"login.microsoftonline.com",
                                       "contoso.azurecr.io",
                                       "contoso.eastus.geo.azurecr.io",
                                       "sts.us-west-2.amazonaws.com",
                                       "api.ecr.us-west-2.amazonaws.com",
                                       "sts.us-east-1.amazonaws.com",
                                       "api.ecr-public.us-east-1.amazonaws.com"};

// Reads what other processes can see of a running one, repeatedly until it ends: command line and environment.
class Onlooker {
 public:
  void watch(pid_t process) {
    thread_ = std::jthread([this, process](const std::stop_token& stop) {
      const std::string folder = "/proc/" + std::to_string(process);
      while (!stop.stop_requested()) {
        for (const char* file : {"/cmdline", "/environ"}) {
          std::ostringstream text;
          text << std::ifstream(folder + file, std::ios::binary).rdbuf();
          seen_ += text.str() + "\n";
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    });
  }
  const std::string& seen() {
    if (thread_.joinable()) {
      thread_.request_stop();
      thread_.join();
    }
    return seen_;
  }

 private:
  std::string seen_;
  std::jthread thread_;
};

class ScenarioRun {
 public:
  explicit ScenarioRun(const Scenario& scenario)
      : scenario_(scenario), placeholders_(makePlaceholders()), world_(worldOptions()), proxy_(proxyOptions()) {
    std::vector<std::optional<ServerReply>> answers = scenario.answers;
    for (auto& answer : answers) {
      if (!answer) continue;
      answer->body = placeholders_.expand(answer->body);
      for (auto& header : answer->headers) header.second = placeholders_.expand(header.second);
    }
    world_.exchange().answerNext(std::move(answers));
    world_.exchangeServer().misbehave(scenario.faults);
    proxy_.misbehave(scenario.proxyFaults);
    for (const auto& [name, content] : scenario.files) {
      const auto mode = scenario.modes.find(name);
      folder_.write("files/" + name, placeholders_.expand(content),
                    mode == scenario.modes.end() ? mode_t{0644} : mode->second);
    }
  }

  void run() {
    if (!scenario_.missingCalls.empty()) {
      command_.arguments = {RCB_WITHOUT_CALLS, std::to_string(ENOSYS)};
      command_.arguments.insert(command_.arguments.end(), scenario_.missingCalls.begin(), scenario_.missingCalls.end());
      command_.arguments.emplace_back("--");
    }
    const std::vector<std::string>& program = testedProgram().command;
    command_.arguments.insert(command_.arguments.end(), program.begin(), program.end());
    for (const std::string& argument : scenario_.arguments)
      command_.arguments.push_back(placeholders_.expand(argument));
    command_.environment["SSL_CERT_FILE"] = world_.caFile();
#if defined(RCB_SANITIZED)
    // The program ends inside the node's folder, whose /proc is not the kernel's: the leak checker finds no threads there, and fails the run.
    const auto& arguments = scenario_.arguments;
    if (std::find(arguments.begin(), arguments.end(), "--root") != arguments.end()) {
      command_.environment["ASAN_OPTIONS"] = "detect_leaks=0";
    }
#endif
    for (const auto& [name, value] : scenario_.environment) {
      if (value) {
        command_.environment[name] = placeholders_.expand(*value);
      } else {
        command_.environment.erase(name);
      }
    }
    command_.inputStaysOpen = scenario_.stdinStaysOpen;
    command_.outputFile = scenario_.stdoutFile;
    command_.input = placeholders_.expand(scenario_.files.at("request.json"));
    finished_ = runCommand(command_, std::chrono::seconds(60), [this](pid_t process) { onlooker_.watch(process); });
  }

  // Whether the output is the one in docs/operations.md; the guide's program loads modules.
  void checkGuide(const std::string& scenario) {
    if (scenario_.withoutModules) return;
    for (const GuideEntry& entry : readOperationsGuide()) {
      for (const GuideExample& example : entry.examples) {
        if (example.scenario != scenario) continue;
        EXPECT_TRUE(matchesPattern(scenarioPattern(example.line) + "\n", finished_.errors))
            << "docs/operations.md, " << entry.code << ": " << example.line << "\nstderr: " << finished_.errors;
        EXPECT_EQ(entry.exitStatus, finished_.exitStatus) << "docs/operations.md, " << entry.code;
      }
    }
  }

  const Finished& finished() const { return finished_; }

  void check() {
    EXPECT_EQ(finished_.exitStatus, scenario_.exit) << "stderr: " << finished_.errors;
    checkOutput();
    checkError();
    checkCosts();
    checkServers();
    checkSecrets();
  }

 private:
  World::Options worldOptions() const {
    World::Options options;
    options.folder = folder_.path();
    options.hostNames = {kExchangeName};
    options.hostNames.insert(options.hostNames.end(), std::begin(kOtherNames), std::end(kOtherNames));
    options.exchangeCertificate.names = scenario_.certificateNames;
    if (scenario_.certificateExpired) {
      options.exchangeCertificate.validFromDays = -10;
      options.exchangeCertificate.validUntilDays = -1;
    }
    options.policy = [this] { return readCloudsmithPolicy(scenario_.policy); };
    return options;
  }
  ConnectProxy::Options proxyOptions() {
    ConnectProxy::Options options{placeholders_.expand(scenario_.proxyCredentials),
                                  {{kExchangeName, world_.exchangeServer().port()}}};
    for (const char* name : kOtherNames) options.routes[name] = world_.exchangeServer().port();
    return options;
  }

  // Their values are read last, since they depend on the rest.
  Placeholders makePlaceholders() {
    using Arguments = const std::string&;
    Placeholders made;
    made.define("FOLDER", [this](Arguments) { return folder_.path() + "/files"; });
    made.define("MODULES", [](Arguments) {
      const char* folder = std::getenv("RCB_MODULES");
      return std::string(folder == nullptr ? RCB_BINARY_DIR "/lib/registry-credential-broker/builtin" : folder);
    });
    made.define("CA", [this](Arguments) { return world_.caFile(); });
    made.define("EXCHANGE", [this](Arguments) { return world_.exchangeHost(); });
    made.define("EXCHANGE_BY_NAME", [this](Arguments) {
      const std::string place = world_.exchangeHost();
      return "localhost" + place.substr(place.rfind(':'));
    });
    made.define("PROXY", [this](Arguments) { return "127.0.0.1:" + std::to_string(proxy_.port()); });
    made.define("SENT_TOKEN", [](Arguments) { return std::string("${TOKEN}"); });
    made.define("SECRET", [this](Arguments name) { return secret(name); });
    made.define("TOKEN", [this](Arguments arguments) { return token(arguments); });
    made.define("ISSUED", [this](Arguments) {
      const auto issued = world_.issued();
      return issued.empty() ? std::string() : issued.back();
    });
    for (const auto& [name, text] : scenario_.values) {
      made.define(name, [this, value = text](Arguments) { return placeholders_.expand(value); });
    }
    return made;
  }

  // The same one for the same name.
  std::string secret(const std::string& name) {
    constexpr std::size_t kDigits = 40;
    std::string& value = secrets_[name];
    if (value.empty()) value = randomHex(kDigits);
    return value;
  }

  // "NAMESPACE/SERVICE_ACCOUNT AUDIENCE SECONDS"; the same one for the same arguments.
  std::string token(const std::string& arguments) {
    std::string& value = secrets_[arguments];
    if (!value.empty()) return value;
    std::istringstream words(arguments);
    std::string account;
    std::string audience;
    std::int64_t life = 0;
    words >> account >> audience >> life;
    const auto slash = account.find('/');
    value = world_.identity().issue({.namespaceName = account.substr(0, slash),
                                     .serviceAccount = account.substr(slash + 1),
                                     .audiences = {audience},
                                     .life = std::chrono::seconds(life)},
                                    currentTime());
    return value;
  }

  void checkOutput() {
    if (scenario_.response != nullptr) {
      const auto parsed = parseJson(finished_.output);
      const Json* document = std::get_if<Json>(&parsed);
      EXPECT_TRUE(document != nullptr && matchesJson(*scenario_.response, *document, placeholders_))
          << "stdout: " << finished_.output;
      EXPECT_EQ(std::count(finished_.output.begin(), finished_.output.end(), '\n'), 1);
    } else {
      const std::string expected = placeholders_.expand(scenario_.output.value_or(""));
      EXPECT_TRUE(matchesPattern(expected, finished_.output)) << "stdout: " << finished_.output;
    }
  }
  void checkError() {
    const std::string line = scenario_.error ? *scenario_.error + "\n" : "";
    const std::string expected = placeholders_.expand(scenario_.errors.value_or(line));
    EXPECT_TRUE(matchesPattern(expected, finished_.errors)) << "stderr: " << finished_.errors;
    if (scenario_.error) {
      EXPECT_EQ(std::count(finished_.errors.begin(), finished_.errors.end(), '\n'), 1);
    }
  }

  void checkCosts() {
    if (testedProgram().emulated) return;
    EXPECT_LE(finished_.elapsed.count(), scenario_.within.count());
#if !defined(RCB_SANITIZED)  // sanitizers need memory of their own
    if (scenario_.memoryMiB) {
      EXPECT_LE(finished_.peakMemoryKiB, *scenario_.memoryMiB * 1024L);
    }
#endif
  }

  void checkServers() {
    const auto exchanges = world_.exchange().exchanges();
    std::vector<std::string> expected;
    std::vector<std::string> actual;
    for (const auto& one : scenario_.exchanges) {
      expected.push_back(one.organization + " " + one.service + " " + std::to_string(one.status));
    }
    for (const auto& one : exchanges) {
      actual.push_back(one.organization + " " + one.service + " " + std::to_string(one.status));
    }
    EXPECT_EQ(actual, expected);
    EXPECT_EQ(world_.served(), scenario_.requests);
    const auto asked = scenario_.exchanges.size() + scenario_.requests.size();
    const int connections = scenario_.connections.value_or(static_cast<int>(asked));
    EXPECT_EQ(world_.exchangeServer().connections(), connections);
    std::vector<std::string> proxied;
    for (const ProxyRequest& request : proxy_.requests()) proxied.push_back(request.target);
    EXPECT_EQ(proxied, scenario_.proxied);
  }

  // No 16 characters of a secret may be anywhere but in the answer.
  void checkSecrets() {
    std::map<std::string, std::string> secrets = secrets_;
    const auto issued = world_.issued();
    for (std::size_t i = 0; i < issued.size(); ++i) secrets["issued " + std::to_string(i)] = issued[i];
    for (const auto& [name, value] : secrets) {
      EXPECT_FALSE(sharesRun(finished_.errors, value, kSharedRun)) << name << " on stderr";
      EXPECT_TRUE(isInEnvironment(value) || !sharesRun(onlooker_.seen(), value, kSharedRun)) << name << " in /proc";
      EXPECT_TRUE(scenario_.response || !sharesRun(finished_.output, value, kSharedRun)) << name << " on stdout";
    }
  }

  // Because the scenario put it there, as operators do with a proxy's password.
  bool isInEnvironment(const std::string& secret) const {
    return std::any_of(command_.environment.begin(), command_.environment.end(),
                       [&secret](const auto& variable) { return variable.second.find(secret) != std::string::npos; });
  }

  const Scenario& scenario_;
  const TempFolder folder_;
  std::map<std::string, std::string> secrets_;
  const Placeholders placeholders_;
  World world_;
  ConnectProxy proxy_;
  Command command_;
  Finished finished_;
  Onlooker onlooker_;
};

const std::string kFolder = RCB_SOURCE_DIR "/tests/scenarios";

std::vector<std::string> scenarioNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder + "/cases"))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

class Scenarios : public testing::TestWithParam<std::string> {};

TEST_P(Scenarios, Run) {
  const Scenario scenario = readScenario(kFolder, GetParam(), testedProgram().loadsModules);
  SCOPED_TRACE(scenario.proves);
  ScenarioRun run(scenario);
  run.run();
  run.check();
  run.checkGuide(GetParam());
}

// The scenarios that a pull ends with because of the node's files or environment.
std::vector<std::string> refusedByConfiguration() {
  std::vector<std::string> names;
  for (const std::string& name : scenarioNames()) {
    const Scenario scenario = readScenario(kFolder, name, testedProgram().loadsModules);
    const auto hasCommand = [](const std::string& argument) {
      return argument == "validate" || argument == "explain" || argument == "install";
    };
    const auto& arguments = scenario.arguments;
    if (scenario.exit == 78 && std::none_of(arguments.begin(), arguments.end(), hasCommand)) names.push_back(name);
  }
  return names;
}

class RefusedByConfiguration : public testing::TestWithParam<std::string> {};

TEST_P(RefusedByConfiguration, IsNotValidEither) {
  Scenario scenario = readScenario(kFolder, GetParam(), testedProgram().loadsModules);
  scenario.arguments.emplace_back("validate");
  ScenarioRun run(scenario);
  run.run();
  EXPECT_EQ(run.finished().exitStatus, 78) << run.finished().output << run.finished().errors;
}

std::string testName(const testing::TestParamInfo<std::string>& scenario) {
  std::string name = scenario.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(, Scenarios, testing::ValuesIn(scenarioNames()), testName);
INSTANTIATE_TEST_SUITE_P(, RefusedByConfiguration, testing::ValuesIn(refusedByConfiguration()), testName);

}  // namespace
}  // namespace rcb::test
