// The tools of the scenarios: their comparisons must be able to fail.
#include "core/support/error.hpp"
#include "tests/scenarios/expectation.hpp"
#include "tests/scenarios/operations_guide.hpp"
#include "tests/scenarios/placeholders.hpp"
#include "tests/scenarios/scenario.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace rcb::test {
namespace {

bool matches(const std::string& expected, const std::string& actual) {
  Placeholders placeholders;
  placeholders.define("HOST", [](const std::string&) { return std::string("a.test"); });
  const auto left = parseJson(expected);
  const auto right = parseJson(actual);
  return matchesJson(std::get<Json>(left), std::get<Json>(right), placeholders);
}

TEST(Pattern, MatchesTheWholeText) {
  EXPECT_TRUE(matchesPattern("a * c", "a b c"));
  EXPECT_TRUE(matchesPattern("*", ""));
  EXPECT_TRUE(matchesPattern("*a*a", "banana"));
  EXPECT_FALSE(matchesPattern("a", "a\n"));
  EXPECT_FALSE(matchesPattern("", "a"));
  EXPECT_FALSE(matchesPattern("*a", "banana split"));
}

TEST(ExpectedJson, HasEveryMemberAndNoOther) {
  EXPECT_TRUE(matches(R"({"a":"1","b":{"c":"2"}})", R"({"b":{"c":"2"},"a":"1"})"));
  EXPECT_FALSE(matches(R"({"a":"1"})", R"({"a":"1","b":"2"})"));
  EXPECT_FALSE(matches(R"({"a":"1","b":"2"})", R"({"a":"1"})"));
  EXPECT_FALSE(matches(R"({"a":"1"})", R"({"a":"2"})"));
  EXPECT_FALSE(matches(R"({"a":"1"})", R"({"a":1})"));
  EXPECT_FALSE(matches(R"({"a":{}})", R"({"a":"1"})"));
}

TEST(ExpectedJson, HasPlaceholdersInNamesAndTexts) {
  EXPECT_TRUE(matches(R"({"${HOST}":"x ${HOST}"})", R"({"a.test":"x a.test"})"));
  EXPECT_FALSE(matches(R"({"${HOST}":"x"})", R"({"b.test":"x"})"));
}

TEST(ExpectedJson, HasDurationsWithinBounds) {
  EXPECT_TRUE(matches(R"({"a":"between 1m0s and 2m0s"})", R"({"a":"1m0s"})"));
  EXPECT_TRUE(matches(R"({"a":"between 1m0s and 2m0s"})", R"({"a":"2m0s"})"));
  EXPECT_FALSE(matches(R"({"a":"between 1m0s and 2m0s"})", R"({"a":"59s"})"));
  EXPECT_FALSE(matches(R"({"a":"between 1m0s and 2m0s"})", R"({"a":"2m1s"})"));
  EXPECT_FALSE(matches(R"({"a":"between 1m0s and 2m0s"})", R"({"a":"between 1m0s and 2m0s"})"));
}

TEST(Placeholder, IsExpandedFromTheInside) {
  const Placeholders placeholders;
  EXPECT_EQ(placeholders.expand("a ${BASE64 u:${REPEAT 3 p}} {b}"), "a dTpwcHA= {b}");
  EXPECT_EQ(placeholders.expand("${BYTES 00ff}"), std::string("\0\xff", 2));
}

TEST(Placeholder, IsRefusedIfUnknownOrWithoutEnd) {
  const Placeholders placeholders;
  EXPECT_THROW(placeholders.expand("${NOTHING}"), std::runtime_error);
  EXPECT_THROW(placeholders.expand("${REPEAT 3 a"), std::runtime_error);
}

class ScenarioFolder : public testing::Test {
 protected:
  Scenario read(const std::string& scenario) const {
    folder_.write("defaults/values.json", R"({"POD":"default"})");
    folder_.write("defaults/request.json", "default");
    folder_.write("cases/one/scenario.json", scenario);
    return readScenario(folder_.path(), "one");
  }
  const TempFolder folder_;
};

TEST_F(ScenarioFolder, OverridesDefaults) {
  EXPECT_EQ(read(R"({"proves":"a"})").values.at("POD"), "default");
  EXPECT_EQ(read(R"({"proves":"a","given":{"values":{"POD":"own"}}})").values.at("POD"), "own");
  EXPECT_EQ(read(R"({"proves":"a"})").files.at("request.json"), "default");
  folder_.write("cases/one/request.json", "own");
  EXPECT_EQ(read(R"({"proves":"a"})").files.at("request.json"), "own");
}

TEST_F(ScenarioFolder, ExpectsSomethingElseOfAProgramWithoutModulesOnlyWhereItSaysSo) {
  folder_.write("defaults/values.json", "{}");
  folder_.write("cases/one/scenario.json", R"({"proves":"a","expect":{"exit":1},"withoutModules":{"output":"b"}})");
  folder_.write("cases/two/scenario.json", R"({"proves":"a","expect":{"exit":1}})");
  EXPECT_EQ(readScenario(folder_.path(), "one").exit, 1);
  EXPECT_EQ(readScenario(folder_.path(), "one").output, std::nullopt);
  EXPECT_EQ(readScenario(folder_.path(), "one", false).exit, 0);
  EXPECT_EQ(readScenario(folder_.path(), "one", false).output, "b");
  EXPECT_TRUE(readScenario(folder_.path(), "one", false).withoutModules);
  EXPECT_EQ(readScenario(folder_.path(), "two", false).exit, 1);
  EXPECT_FALSE(readScenario(folder_.path(), "two", false).withoutModules);
}

TEST_F(ScenarioFolder, IsRefusedIfItSaysNothingOrTooMuch) {
  for (const char* scenario :
       {"", "[]", "{}", R"({"proves":"a","expects":{}})", R"({"proves":"a","expect":{"exti":0}})",
        R"({"proves":"a","given":{"exchange":{"faults":["dripp"]}}})",
        R"({"proves":"a","given":{"exchange":{"answers":[{"code":200}]}}})"}) {
    EXPECT_THROW(read(scenario), std::runtime_error) << scenario;
  }
}

// Every code of errorTable() has a scenario, except bugs: those of the program cannot be provoked, and those of modules are in tests/abi.
TEST(Scenarios, ShowEveryFailure) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(RCB_SOURCE_DIR "/tests/scenarios/cases")) {
    std::ostringstream text;
    if (entry.path().filename() == "scenario.json") text << std::ifstream(entry.path()).rdbuf();
    all += text.str();
  }
  for (const ErrorEntry& failure : errorTable()) {
    if (failure.kind == ErrorKind::kInternal) continue;
    const std::string code = "(code=" + std::string(failure.slug);
    EXPECT_TRUE(all.find(code + ",") != std::string::npos || all.find(code + ")") != std::string::npos) << failure.slug;
  }
}

TEST(OperationsGuide, IsReadByItsHeadings) {
  const auto entries = readOperationsGuide(
      "## First\n### No code\n## Exit status 77: refused\n### denied\n<!-- scenario: a -->\n```\nline\n```\n"
      "It means\nthis.\n```\nno example\n```\n## Last\n### No code either\n");
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].exitStatus, 77);
  EXPECT_EQ(entries[0].code, "denied");
  ASSERT_EQ(entries[0].examples.size(), 1u);
  EXPECT_EQ(entries[0].examples[0].scenario, "a");
  EXPECT_EQ(entries[0].examples[0].line, "line");
  EXPECT_THAT(entries[0].text, testing::HasSubstr("It means this."));
}

TEST(OperationsGuide, ShowsNamesOfARealNode) {
  EXPECT_EQ(
      scenarioPattern("/etc/registry-credential-broker/config.yaml: host=api.cloudsmith.io, … api.cloudsmith.io:443"),
      "*.yaml: host=127.0.0.1:*, * 127.0.0.1:*");
}

TEST(OperationsGuide, ListsEveryExitStatusWithItsMeaning) {
  std::ostringstream guide;
  guide << std::ifstream(RCB_SOURCE_DIR "/docs/operations.md").rdbuf();
  for (const ExitStatusEntry& status : exitStatusTable()) {
    EXPECT_TRUE(matchesPattern(
        "*\n| [" + std::to_string(static_cast<int>(status.kind)) + "](#*) | " + std::string(status.meaning) + " | *",
        guide.str()))
        << status.meaning;
  }
}

// That each line shown is what the program writes is for the run of its scenario to say.
TEST(OperationsGuide, ExplainsEveryFailureUnderItsExitStatusAndNoOther) {
  const auto entries = readOperationsGuide();
  for (const ErrorEntry& failure : errorTable()) {
    const auto entry =
        std::find_if(entries.begin(), entries.end(), [&](const auto& one) { return one.code == failure.slug; });
    ASSERT_NE(entry, entries.end()) << "docs/operations.md does not explain " << failure.slug;
    EXPECT_EQ(entry->exitStatus, static_cast<int>(failure.kind)) << failure.slug;
    EXPECT_THAT(entry->text, testing::HasSubstr("**Means:** " + std::string(failure.meaning) + ".")) << failure.slug;
    EXPECT_THAT(entry->text, testing::HasSubstr("**Fix:** ")) << failure.slug;
    EXPECT_EQ(entry->examples.empty(), failure.kind == ErrorKind::kInternal) << failure.slug;
    for (const GuideExample& example : entry->examples) {
      EXPECT_TRUE(std::filesystem::exists(RCB_SOURCE_DIR "/tests/scenarios/cases/" + example.scenario))
          << example.scenario;
      EXPECT_THAT(example.line, testing::HasSubstr("(code=" + std::string(failure.slug)));
    }
  }
  EXPECT_EQ(entries.size(), errorTable().size())
      << "docs/operations.md explains a failure twice, or one that there is not";
}

}  // namespace
}  // namespace rcb::test
