#include "core/modules/lent_texts.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

using Kind = Origin::Kind;

std::string nameOf(const Origin* origin) { return origin == nullptr ? "" : origin->name; }

TEST(LentTexts, KnowTheOriginOfTheirParts) {
  LentTexts lent;
  const auto file = lent.keep(Secret("user:password"), {Kind::kFile, "/a"});
  const auto answer = lent.keep(Secret("user:password"), {Kind::kAnswer, "host"});
  for (const std::size_t at : {0u, 4u, 13u}) {
    EXPECT_EQ(nameOf(lent.originAt(file.substr(at))), "/a") << at;
    EXPECT_EQ(nameOf(lent.originAt(answer.substr(at))), "host") << at;
  }
  EXPECT_EQ(nameOf(lent.last()), "host");
}

TEST(LentTexts, TellEmptyOnesApart) {
  LentTexts lent;
  const auto first = lent.keep(Secret(), {Kind::kFile, "/a"});
  const auto second = lent.keep(Secret(), {Kind::kFile, "/b"});
  EXPECT_TRUE(first.empty());
  EXPECT_EQ(nameOf(lent.originAt(first)), "/a");
  EXPECT_EQ(nameOf(lent.originAt(second)), "/b");
}

TEST(LentTexts, PassTheirOriginOnToWhatIsMadeOfThem) {
  LentTexts lent;
  const auto file = lent.keep(Secret("e30="), {Kind::kFile, "/a"});
  const auto made = lent.keepPartOf(file.substr(1, 2), Secret("{}"));
  EXPECT_EQ(nameOf(lent.originAt(made)), "/a");
  EXPECT_EQ(nameOf(lent.originAt(lent.keepPartOf(made, Secret("x")))), "/a");
  EXPECT_EQ(lent.originAt(lent.keepPartOf("of a module's own", Secret("x"))), nullptr);
}

TEST(LentTexts, RecogniseACopy) {
  LentTexts lent;
  lent.keep(Secret("one two"), {Kind::kFile, "/a"});
  const std::string copy = "two";
  EXPECT_EQ(lent.originAt(copy), nullptr);
  EXPECT_EQ(nameOf(lent.originOf(copy)), "/a");
  EXPECT_EQ(lent.originOf("three"), nullptr);
  EXPECT_EQ(lent.originOf(""), nullptr);
}

TEST(LentTexts, KnowNothingBeforeTheFirst) {
  const LentTexts lent;
  EXPECT_EQ(lent.last(), nullptr);
  EXPECT_EQ(lent.originOf("x"), nullptr);
}

TEST(LentTexts, ParseAWholeTextOnce) {
  LentTexts lent;
  const auto answer = lent.keep(Secret(R"({"a":1})"), {Kind::kAnswer, "host"});
  EXPECT_EQ(&lent.parsed(answer), &lent.parsed(answer));
  EXPECT_TRUE(std::holds_alternative<Json>(lent.parsed(answer)));
  EXPECT_TRUE(std::holds_alternative<JsonProblem>(lent.parsed(answer.substr(1))));
}

TEST(LentTexts, AllowRepeatedNamesInFilesOnly) {
  constexpr std::string_view kTwice = R"({"a":1,"a":2})";
  LentTexts lent;
  EXPECT_TRUE(std::holds_alternative<Json>(lent.parsed(lent.keep(Secret(kTwice), {Kind::kFile, "/a"}))));
  EXPECT_TRUE(std::holds_alternative<JsonProblem>(lent.parsed(lent.keep(Secret(kTwice), {Kind::kAnswer, "host"}))));
  EXPECT_TRUE(std::holds_alternative<JsonProblem>(lent.parsed(kTwice)));
}

}  // namespace
}  // namespace rcb
