#include "core/settings/setting_relation.hpp"

#include <gmock/gmock.h>

#include <map>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum RelationKind;
using enum Presence;

using Relations = std::vector<SettingRelation>;
using Settings = std::map<std::string_view, Presence>;

// "setting: reason" of each fault.
std::vector<std::string> faultsOf(const Relations& relations, const Settings& settings) {
  std::vector<std::string> lines;
  for (const RelationFault& fault : findRelationFaults(relations, [&](std::string_view name) {
         const auto found = settings.find(name);
         return found == settings.end() ? kAbsent : found->second;
       })) {
    lines.push_back(std::string(fault.setting) + ": " + fault.reason());
  }
  return lines;
}

TEST(SettingRelation, IsASentence) {
  EXPECT_EQ(relationSentence({kNeeds, {"a", "b", "c"}}), "a requires b and c.");
  EXPECT_EQ(relationSentence({kExcludes, {"a", "b", "c"}}), "At most one of a, b and c can be set.");
  EXPECT_EQ(relationSentence({kOneOf, {"a", "b"}}, "`"), "Exactly one of `a` and `b` must be set.");
}

TEST(SettingRelation, NeedsAllOthersIfTheFirstIsPresent) {
  const Relations needs = {{kNeeds, {"a", "b", "c"}}};
  EXPECT_THAT(faultsOf(needs, {}), IsEmpty());
  EXPECT_THAT(faultsOf(needs, {{"b", kPresent}}), IsEmpty());
  EXPECT_THAT(faultsOf(needs, {{"a", kPresent}, {"b", kPresent}, {"c", kPresent}}), IsEmpty());
  EXPECT_THAT(faultsOf(needs, {{"a", kPresent}}), ElementsAre("a: requires b as well"));
  EXPECT_THAT(faultsOf(needs, {{"a", kPresent}, {"b", kPresent}}), ElementsAre("a: requires c as well"));
}

TEST(SettingRelation, ExcludesAllButOne) {
  const Relations excludes = {{kExcludes, {"a", "b", "c"}}};
  EXPECT_THAT(faultsOf(excludes, {}), IsEmpty());
  EXPECT_THAT(faultsOf(excludes, {{"c", kPresent}}), IsEmpty());
  EXPECT_THAT(faultsOf(excludes, {{"a", kPresent}, {"c", kPresent}}), ElementsAre("c: cannot be combined with a"));
  EXPECT_THAT(faultsOf(excludes, {{"a", kPresent}, {"b", kPresent}, {"c", kPresent}}),
              ElementsAre("b: cannot be combined with a"));
}

TEST(SettingRelation, HasOneAndOnlyOne) {
  const Relations oneOf = {{kOneOf, {"a", "b"}}};
  EXPECT_THAT(faultsOf(oneOf, {{"a", kPresent}}), IsEmpty());
  EXPECT_THAT(faultsOf(oneOf, {}), ElementsAre(": requires exactly one of a and b"));
  EXPECT_THAT(faultsOf(oneOf, {{"a", kPresent}, {"b", kPresent}}), ElementsAre("b: cannot be combined with a"));
}

TEST(SettingRelation, IsLeftToTheRunWhereAnAnnotationDecidesIt) {
  for (const RelationKind kind : {kNeeds, kExcludes, kOneOf}) {
    EXPECT_THAT(faultsOf({{kind, {"a", "b"}}}, {{"a", kPossible}}), IsEmpty());
    EXPECT_THAT(faultsOf({{kind, {"a", "b"}}}, {{"a", kPresent}, {"b", kPossible}}), IsEmpty());
    EXPECT_THAT(faultsOf({{kind, {"a", "b"}}}, {{"a", kPossible}, {"b", kPossible}}), IsEmpty());
  }
}

TEST(SettingRelation, AsksOnlyForWhatNothingExcludes) {
  const Relations both = {{kOneOf, {"password", "file"}}, {kOneOf, {"user", "userFile", "file"}}};
  EXPECT_THAT(faultsOf(both, {{"password", kPresent}}), ElementsAre(": requires exactly one of user and userFile"));
  EXPECT_THAT(faultsOf(both, {{"user", kPresent}}), ElementsAre(": requires password"));
  EXPECT_THAT(faultsOf({{kOneOf, {"a", "b"}}, {kExcludes, {"a", "b", "c"}}}, {{"c", kPresent}}),
              ElementsAre(": requires exactly one of a and b"));
}

TEST(SettingRelation, IsReportedOnceForTheSameSettings) {
  const Relations both = {{kOneOf, {"password", "file"}}, {kOneOf, {"user", "userFile", "file"}}};
  EXPECT_THAT(faultsOf(both, {}), ElementsAre(": requires exactly one of password and file"));
  EXPECT_THAT(faultsOf(both, {{"password", kPresent}, {"user", kPresent}, {"file", kPresent}}),
              ElementsAre("file: cannot be combined with password"));
  EXPECT_THAT(faultsOf({{kNeeds, {"a", "b"}}, {kNeeds, {"c", "d"}}}, {{"a", kPresent}, {"c", kPresent}}),
              ElementsAre("a: requires b as well", "c: requires d as well"));
}

}  // namespace
}  // namespace rcb
