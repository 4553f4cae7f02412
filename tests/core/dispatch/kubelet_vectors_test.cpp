// Our matching, selection and keys against what the kubelet's own functions answered (vectors/README.md).
#include "core/dispatch/host_pattern.hpp"
#include "core/dispatch/select_rule.hpp"
#include "core/support/error.hpp"
#include "tests/core/dispatch/kubelet_keyring.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

namespace rcb::test {
namespace {

using Row = Poco::JSON::Object;

// Calls `judge` with every row of a file; the number of rows.
int eachRow(const std::string& name, const std::function<void(const Row&)>& judge) {
  std::ifstream file(RCB_SOURCE_DIR "/tests/core/dispatch/vectors/" + name);
  int rows = 0;
  for (std::string line; std::getline(file, line); ++rows) {
    SCOPED_TRACE(line);
    judge(*Poco::JSON::Parser().parse(line).extract<Row::Ptr>());
  }
  return rows;
}

std::vector<std::string> texts(const Poco::JSON::Array& array) {
  std::vector<std::string> list;
  for (const auto& entry : array) list.push_back(entry.toString());
  return list;
}

bool isJudged(const Row& row) { return !row.optValue("go_dependent", false); }

// The name that reaches the matcher; nothing if the kubelet itself refuses the pod's image.
std::optional<std::string> matchedName(const Row& row) {
  if (row.getValue<std::string>("via") == "raw") return row.getValue<std::string>("image");
  if (!row.has("repo")) return std::nullopt;
  return row.getValue<std::string>("repo");
}

TEST(KubeletVectors, PatternsAreAcceptedAndRefusedAlike) {
  const int rows = eachRow("kubelet-match.jsonl", [](const Row& row) {
    if (!isJudged(row)) return;
    PatternProblem problem;
    const auto pattern = parseHostPattern(row.getValue<std::string>("pattern"), &problem);
    EXPECT_EQ(pattern.has_value(), row.getValue<bool>("pattern_valid"));
    EXPECT_EQ(pattern.has_value(), problem.reason.empty()) << problem.reason;
  });
  EXPECT_EQ(rows, 496);
}

TEST(KubeletVectors, EveryImageMatchesTheSamePatterns) {
  eachRow("kubelet-match.jsonl", [](const Row& row) {
    const auto name = matchedName(row);
    if (!isJudged(row) || !name) return;
    const auto pattern = parseHostPattern(row.getValue<std::string>("pattern"));
    EXPECT_EQ(pattern && matchesImage(*pattern, *name), row.getValue<bool>("matches"));
  });
}

TEST(KubeletVectors, SelectionAgreesForEveryNameThatAKubeletSends) {
  int judged = 0;
  eachRow("kubelet-match.jsonl", [&judged](const Row& row) {
    const auto name = matchedName(row);
    const auto pattern = parseHostPattern(row.getValue<std::string>("pattern"));
    if (row.getValue<std::string>("via") != "pod" || !name || !pattern) return;
    if (*name == "[2001:db8::1]/app") return;  // refused before selection, as no key could match it
    const ImageReference image = parseImageReference(*name);
    EXPECT_EQ(image.name, *name);
    const std::vector<RulePattern> rules = {{0, *pattern}};
    EXPECT_EQ(selectPattern(rules, image).has_value(), row.getValue<bool>("matches"));
    ++judged;
  });
  EXPECT_GT(judged, 50);
}

TEST(KubeletVectors, NoNameIsReadDifferentlyThanTheKubeletReadsIt) {
  eachRow("kubelet-match.jsonl", [](const Row& row) {
    const auto name = matchedName(row);
    const auto pattern = parseHostPattern(row.getValue<std::string>("pattern"));
    if (!isJudged(row) || !name || !pattern) return;
    try {
      const ImageReference image = parseImageReference(*name);
      const std::vector<RulePattern> rules = {{0, *pattern}};
      if (image.name != *name) return;  // a tag was cut off
      EXPECT_EQ(selectPattern(rules, image).has_value(), row.getValue<bool>("matches"));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kRequestImage);
    }
  });
}

TEST(KubeletVectors, KeyringTriesKeysInTheSameOrder) {
  const int rows = eachRow("kubelet-keyring.jsonl", [](const Row& row) {
    const auto tried = keysTried(texts(*row.getArray("keys")), row.getValue<std::string>("image"));
    const auto& expected = *row.getArray("order");
    ASSERT_EQ(tried.size(), expected.size());
    for (std::size_t i = 0; i < tried.size(); ++i) {
      EXPECT_THAT(tried[i], testing::UnorderedElementsAreArray(texts(*expected.getArray(static_cast<unsigned>(i)))));
    }
    const std::string winner = row.getValue<std::string>("winner");
    if (!winner.empty()) {
      EXPECT_EQ(tried.at(0).at(0), winner);
    }
  });
  EXPECT_EQ(rows, 65);
}

// The keys of a row stand for rules' patterns: whatever rule answers, its key is the one that the kubelet uses.
TEST(KubeletVectors, OurOneKeyWinsForEveryImage) {
  int judged = 0;
  eachRow("kubelet-keyring.jsonl", [&judged](const Row& row) {
    std::vector<RulePattern> rules;
    for (const std::string& key : texts(*row.getArray("keys"))) {
      if (auto pattern = parseHostPattern(key); pattern && !findPatternProblem(*pattern))
        rules.push_back({rules.size(), *pattern});
    }
    std::optional<ImageReference> image;
    try {
      image = parseImageReference(row.getValue<std::string>("image"));
    } catch (const Error&) {
      return;
    }
    const auto winner = selectPattern(rules, *image);
    if (!winner) return;
    const AuthKey key = authKeyFor(rules, *winner, *image);
    EXPECT_THAT(keysTried({key.key}, image->name), testing::ElementsAre(testing::ElementsAre(key.key)));
    ++judged;
  });
  EXPECT_GT(judged, 25);
}

}  // namespace
}  // namespace rcb::test
