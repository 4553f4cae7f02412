#include "core/settings/key_marks.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

constexpr const char* kText =
    "deadline: 1s\nproviders:\n- name: a\n  settings:\n    headers: [\"x\", \"y\"]\n  annotations: {a.b/c: {oneOf: [d, "
    "e]}}\n";

TEST(KeyMarks, FindTheValueOfAKey) {
  const KeyMarks marks(kText);
  EXPECT_EQ(marks.of("deadline"), (Mark{1, 11}));
  EXPECT_EQ(marks.of("providers"), (Mark{3, 1}));
  EXPECT_EQ(marks.of("providers[0]"), (Mark{3, 3}));
  EXPECT_EQ(marks.of("providers[0].name"), (Mark{3, 9}));
  EXPECT_EQ(marks.of("providers[0].settings.headers[1]"), (Mark{5, 20}));
  EXPECT_EQ(marks.of("providers[0].annotations[\"a.b/c\"].oneOf[1]"), (Mark{6, 36}));
}

TEST(KeyMarks, FindWhatIsAroundAKeyThatIsNotThere) {
  const KeyMarks marks(kText);
  EXPECT_EQ(marks.of("providers[0].settings.service"), marks.of("providers[0].settings"));
  EXPECT_EQ(marks.of("providers[0].tls.caFile"), marks.of("providers[0]"));
  EXPECT_EQ(marks.of("providers[7].name"), marks.of("providers"));
  EXPECT_EQ(marks.of("dead"), Mark());
  EXPECT_EQ(marks.of("HTTPS_PROXY"), Mark());
  EXPECT_EQ(marks.of(""), Mark());
}

TEST(KeyMarks, KnowNoPlaceInWhatIsNoDocument) {
  EXPECT_EQ(KeyMarks("a: [").of("a"), Mark());
  EXPECT_EQ(KeyMarks("").of("a"), Mark());
  EXPECT_EQ(KeyMarks(std::string_view()).of("a"), Mark());
}

}  // namespace
}  // namespace rcb
