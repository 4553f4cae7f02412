// Our matching, selection and keys against what the kubelet's own functions answered (vectors/README.md).
#include "core/dispatch/host_pattern.hpp"
#include "core/dispatch/select_rule.hpp"
#include "core/support/error.hpp"
#include "core/support/json.hpp"
#include "tests/core/dispatch/kubelet_keyring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

namespace rcb::test {
namespace {

// Calls `judge` with every row of a file; the number of rows.
int eachRow(const std::string& name, const std::function<void(const Json&)>& judge) {
  std::ifstream file(RCB_SOURCE_DIR "/tests/core/dispatch/vectors/" + name);
  int rows = 0;
  for (std::string line; std::getline(file, line); ++rows) {
    SCOPED_TRACE(line);
    // Our reader takes no NUL: HostPattern.RefusesNul stands for these two rows.
    if (line.find("\\u0000") != std::string::npos) continue;
    const auto row = parseJson(line);
    judge(std::get<Json>(row));
  }
  return rows;
}

std::string text(const Json& row, std::string_view name) { return std::string(*row.find(name)->string()); }

bool isTrue(const Json& row, std::string_view name) { return *row.find(name)->boolean(); }

std::vector<std::string> texts(const Json& array) {
  std::vector<std::string> list;
  for (const Json& entry : *array.array()) list.emplace_back(*entry.string());
  return list;
}

bool isJudged(const Json& row) { return row.find("go_dependent") == nullptr || !isTrue(row, "go_dependent"); }

// The name that reaches the matcher; nothing if the kubelet itself refuses the pod's image.
std::optional<std::string> matchedName(const Json& row) {
  if (text(row, "via") == "raw") return text(row, "image");
  if (row.find("repo") == nullptr) return std::nullopt;
  return text(row, "repo");
}

TEST(KubeletVectors, PatternsAreAcceptedAndRefusedAlike) {
  const int rows = eachRow("kubelet-match.jsonl", [](const Json& row) {
    if (!isJudged(row)) return;
    PatternProblem problem;
    const auto pattern = parseHostPattern(text(row, "pattern"), &problem);
    EXPECT_EQ(pattern.has_value(), isTrue(row, "pattern_valid"));
    EXPECT_EQ(pattern.has_value(), problem.reason.empty()) << problem.reason;
  });
  EXPECT_EQ(rows, 496);
}

TEST(KubeletVectors, EveryImageMatchesTheSamePatterns) {
  eachRow("kubelet-match.jsonl", [](const Json& row) {
    const auto name = matchedName(row);
    if (!isJudged(row) || !name) return;
    const auto pattern = parseHostPattern(text(row, "pattern"));
    EXPECT_EQ(pattern && matchesImage(*pattern, *name), isTrue(row, "matches"));
  });
}

TEST(KubeletVectors, SelectionAgreesForEveryNameThatAKubeletSends) {
  int judged = 0;
  eachRow("kubelet-match.jsonl", [&judged](const Json& row) {
    const auto name = matchedName(row);
    const auto pattern = parseHostPattern(text(row, "pattern"));
    if (text(row, "via") != "pod" || !name || !pattern) return;
    if (*name == "[2001:db8::1]/app") return;  // refused before selection, as no key could match it
    const ImageReference image = parseImageReference(*name);
    EXPECT_EQ(image.name, *name);
    const std::vector<RulePattern> rules = {{0, *pattern}};
    EXPECT_EQ(selectPattern(rules, image).has_value(), isTrue(row, "matches"));
    ++judged;
  });
  EXPECT_GT(judged, 50);
}

TEST(KubeletVectors, NoNameIsReadDifferentlyThanTheKubeletReadsIt) {
  eachRow("kubelet-match.jsonl", [](const Json& row) {
    const auto name = matchedName(row);
    const auto pattern = parseHostPattern(text(row, "pattern"));
    if (!isJudged(row) || !name || !pattern) return;
    try {
      const ImageReference image = parseImageReference(*name);
      const std::vector<RulePattern> rules = {{0, *pattern}};
      if (image.name != *name) return;  // a tag was cut off
      EXPECT_EQ(selectPattern(rules, image).has_value(), isTrue(row, "matches"));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kRequestImage);
    }
  });
}

TEST(KubeletVectors, KeyringTriesKeysInTheSameOrder) {
  const int rows = eachRow("kubelet-keyring.jsonl", [](const Json& row) {
    const auto tried = keysTried(texts(*row.find("keys")), text(row, "image"));
    const Json::Array& expected = *row.find("order")->array();
    ASSERT_EQ(tried.size(), expected.size());
    for (std::size_t i = 0; i < tried.size(); ++i) {
      EXPECT_THAT(tried[i], testing::UnorderedElementsAreArray(texts(expected[i])));
    }
    const std::string winner = text(row, "winner");
    if (!winner.empty()) {
      EXPECT_EQ(tried.at(0).at(0), winner);
    }
  });
  EXPECT_EQ(rows, 65);
}

// The keys of a row stand for rules' patterns: whatever rule answers, its key is the one that the kubelet uses.
TEST(KubeletVectors, OurOneKeyWinsForEveryImage) {
  int judged = 0;
  eachRow("kubelet-keyring.jsonl", [&judged](const Json& row) {
    std::vector<RulePattern> rules;
    for (const std::string& key : texts(*row.find("keys"))) {
      if (auto pattern = parseHostPattern(key); pattern && !findPatternProblem(*pattern))
        rules.push_back({rules.size(), *pattern});
    }
    std::optional<ImageReference> image;
    try {
      image = parseImageReference(text(row, "image"));
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
