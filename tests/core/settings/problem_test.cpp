#include "core/settings/problem.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

TEST(Problem, LineNamesFilePlacePathAndReason) {
  const Problem problem{{3, 5}, "providers[0].name", "is missing"};
  EXPECT_EQ(problem.line("/etc/broker.yaml"), "/etc/broker.yaml:3:5: providers[0].name: is missing");
}

TEST(Problem, LineLeavesOutWhatThereIsNot) {
  EXPECT_EQ((Problem{{}, "", "the file is empty"}).line("f"), "f: the file is empty");
  EXPECT_EQ((Problem{{1, 2}, "", "no"}).line("f"), "f:1:2: no");
  EXPECT_EQ((Problem{{}, "a", "no"}).line("f"), "f: a: no");
}

TEST(ProblemList, GivesProblemsInTheOrderOfTheFileAndOtherwiseAsAdded) {
  ProblemList list;
  const KeyPath root;
  list.add({9, 1}, root, "d");
  list.add({2, 7}, root, "b");
  list.add({2, 7}, root, "c");
  list.add({2, 3}, root, "a");
  std::string order;
  for (const Problem& problem : list.take()) order += problem.reason;
  EXPECT_EQ(order, "abcd");
}

TEST(ProblemList, StopsGrowingAndSaysSo) {
  ProblemList list;
  for (std::uint32_t i = 0; i < ProblemList::kLimit; ++i) list.add({i + 1, 1}, KeyPath(), "x");
  EXPECT_FALSE(list.full());
  for (int i = 0; i < 1000; ++i) list.add({1, 1}, KeyPath(), "y");
  EXPECT_TRUE(list.full());
  const auto problems = list.take();
  ASSERT_EQ(problems.size(), ProblemList::kLimit + 1);
  EXPECT_EQ(problems.back().line("f"), "f: more than 100 problems; correct these first");
}

TEST(KeyPath, WritesKeysAndIndicesAsOneWouldInCode) {
  const KeyPath root;
  const KeyPath providers(root, "providers");
  const KeyPath second(providers, 1);
  const KeyPath annotations(second, "annotations");
  EXPECT_EQ(root.text(), "");
  EXPECT_EQ(KeyPath(annotations, "cloudsmith.io/org-slug").text(),
            "providers[1].annotations[\"cloudsmith.io/org-slug\"]");
  EXPECT_EQ(KeyPath(second, "max-age_1").text(), "providers[1].max-age_1");
}

TEST(KeyPath, ShowsForeignKeysPrintableAndShort) {
  const KeyPath root;
  EXPECT_EQ(KeyPath(root, "a\nb").text(), "[\"a?b\"]");
  EXPECT_EQ(KeyPath(root, "").text(), "[\"\"]");
  EXPECT_EQ(KeyPath(root, std::string(5000, 'a')).text().size(), 87u);
}

TEST(Suggestion, NamesTheNearestWordElseAll) {
  EXPECT_EQ(suggestion("modul", {"name", "module"}), "; did you mean \"module\"?");
  EXPECT_EQ(suggestion("xyzzyx", {"name", "module", "tls"}), "; expected name, module or tls");
  EXPECT_EQ(suggestion("x", {}), "");
}

}  // namespace
}  // namespace rcb
