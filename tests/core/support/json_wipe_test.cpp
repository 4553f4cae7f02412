// Nothing that was read in a JSON document goes back to the heap.
#include "core/support/json.hpp"
#include "tests/support/freed_memory.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

namespace rcb::test {
namespace {

constexpr std::string_view kMarker = "canary-canary-canary";

TEST(FreedMemory, IsSearched) {
  FreedMemory freed(kMarker);
  std::optional<std::string> copy(kMarker);
  EXPECT_EQ(freed.found(), 0);
  copy.reset();
  EXPECT_EQ(freed.found(), 1);
}

TEST(JsonWipe, HappensToStringsAndNamesWhenTheDocumentDies) {
  const std::string_view text =
      R"({"a": ["canary-canary-canary", "\u0063anary-canary-canary"], "canary-canary-canary": {"b": ["canary-canary-canary"]}})";
  FreedMemory freed(kMarker);
  {
    auto parsed = parseJson(text);
    const Json moved = std::move(std::get<Json>(parsed));
    ASSERT_EQ(*moved.at("/a/1")->string(), kMarker);
  }
  EXPECT_EQ(freed.found(), 0);
}

TEST(JsonWipe, HappensToShortStrings) {
  FreedMemory freed("hunter2");
  { const auto parsed = parseJson(R"([["hunter2"], ["hunter2"], {"password": "hunter2"}])"); }
  EXPECT_EQ(freed.found(), 0);
}

TEST(JsonWipe, HappensToWhatWasReadOfARefusedText) {
  for (const std::string_view text :
       {R"({"a": "canary-canary-canary", "b")", R"(["canary-canary-canary\x"])", R"("canary-canary-canary)",
        R"({"canary-canary-canary": 1, "canary-canary-canary": 2})"}) {
    FreedMemory freed(kMarker);
    { EXPECT_TRUE(std::holds_alternative<JsonProblem>(parseJson(text))) << text; }
    EXPECT_EQ(freed.found(), 0) << text;
  }
}

TEST(JsonWipe, HappensToTheLastOfRepeatedNames) {
  FreedMemory freed(kMarker);
  {
    EXPECT_TRUE(std::holds_alternative<Json>(
        parseJson(R"({"a": "canary-canary-canary", "a": "canary-canary-canary"})", {.lastNameCounts = true})));
  }
  EXPECT_EQ(freed.found(), 0);
}

}  // namespace
}  // namespace rcb::test
