#include "core/report/text_table.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

TEST(TextTable, AlignsColumnsToTheLongestCell) {
  EXPECT_EQ(textTable({{"a", "b"}, {"longer", "c"}}), "a       b\nlonger  c\n");
}

TEST(TextTable, LeavesNoTrailingSpaces) { EXPECT_EQ(textTable({{"a", ""}, {"bb", "c"}}, 2), "  a\n  bb  c\n"); }

TEST(TextTable, AcceptsRowsOfDifferentLength) { EXPECT_EQ(textTable({{"a"}, {"b", "c", "d"}}), "a\nb  c  d\n"); }

TEST(TextTable, OfNothingIsEmpty) { EXPECT_EQ(textTable({}), ""); }

}  // namespace
}  // namespace rcb
