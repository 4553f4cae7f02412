#include "core/modules/call_buffers.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb {
namespace {

using Kind = Origin::Kind;

std::string nameOf(const Origin* origin) { return origin == nullptr ? "" : origin->name; }

TEST(CallBuffers, KnowTheOriginOfTheirParts) {
  CallBuffers buffers;
  const auto file = buffers.keep(Secret("user:password"), {Kind::kFile, "/a"});
  const auto answer = buffers.keep(Secret("user:password"), {Kind::kAnswer, "host"});
  for (const std::size_t at : {0u, 4u, 13u}) {
    EXPECT_EQ(nameOf(buffers.originAt(file.substr(at))), "/a") << at;
    EXPECT_EQ(nameOf(buffers.originAt(answer.substr(at))), "host") << at;
  }
  EXPECT_EQ(nameOf(buffers.last()), "host");
}

TEST(CallBuffers, TellEmptyOnesApart) {
  CallBuffers buffers;
  const auto first = buffers.keep(Secret(), {Kind::kFile, "/a"});
  const auto second = buffers.keep(Secret(), {Kind::kFile, "/b"});
  EXPECT_TRUE(first.empty());
  EXPECT_EQ(nameOf(buffers.originAt(first)), "/a");
  EXPECT_EQ(nameOf(buffers.originAt(second)), "/b");
}

TEST(CallBuffers, PassTheirOriginOnToWhatIsMadeOfThem) {
  CallBuffers buffers;
  const auto file = buffers.keep(Secret("e30="), {Kind::kFile, "/a"});
  const auto made = buffers.keepPartOf(file.substr(1, 2), Secret("{}"));
  EXPECT_EQ(nameOf(buffers.originAt(made)), "/a");
  EXPECT_EQ(nameOf(buffers.originAt(buffers.keepPartOf(made, Secret("x")))), "/a");
  EXPECT_EQ(buffers.originAt(buffers.keepPartOf("of a module's own", Secret("x"))), nullptr);
}

TEST(CallBuffers, RecogniseACopy) {
  CallBuffers buffers;
  buffers.keep(Secret("one two"), {Kind::kFile, "/a"});
  const std::string copy = "two";
  EXPECT_EQ(buffers.originAt(copy), nullptr);
  EXPECT_EQ(nameOf(buffers.originOf(copy)), "/a");
  EXPECT_EQ(buffers.originOf("three"), nullptr);
  EXPECT_EQ(buffers.originOf(""), nullptr);
}

TEST(CallBuffers, KnowNothingBeforeTheFirst) {
  const CallBuffers buffers;
  EXPECT_EQ(buffers.last(), nullptr);
  EXPECT_EQ(buffers.originOf("x"), nullptr);
}

TEST(CallBuffers, ParseAWholeTextOnce) {
  CallBuffers buffers;
  const auto answer = buffers.keep(Secret(R"({"a":1})"), {Kind::kAnswer, "host"});
  EXPECT_EQ(&buffers.parsed(answer), &buffers.parsed(answer));
  EXPECT_TRUE(std::holds_alternative<Json>(buffers.parsed(answer)));
  EXPECT_TRUE(std::holds_alternative<JsonProblem>(buffers.parsed(answer.substr(1))));
}

TEST(CallBuffers, AllowRepeatedNamesInFilesOnly) {
  constexpr std::string_view kTwice = R"({"a":1,"a":2})";
  CallBuffers buffers;
  EXPECT_TRUE(std::holds_alternative<Json>(buffers.parsed(buffers.keep(Secret(kTwice), {Kind::kFile, "/a"}))));
  EXPECT_TRUE(
      std::holds_alternative<JsonProblem>(buffers.parsed(buffers.keep(Secret(kTwice), {Kind::kAnswer, "host"}))));
  EXPECT_TRUE(std::holds_alternative<JsonProblem>(buffers.parsed(kTwice)));
}

}  // namespace
}  // namespace rcb
