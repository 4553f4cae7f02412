#include "core/report/text_diff.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <vector>

namespace rcb {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

std::string diff(const std::string& before, const std::string& after) { return unifiedDiff(before, after, "f"); }

std::string numbers(int from, int to) {
  std::string text;
  for (int i = from; i <= to; ++i) text += std::to_string(i) + "\n";
  return text;
}

TEST(TextDiff, IsEmptyForTheSameText) {
  EXPECT_EQ(diff("", ""), "");
  EXPECT_EQ(diff("a\nb", "a\nb"), "");
}

TEST(TextDiff, ShowsThreeLinesOfContext) {
  EXPECT_EQ(diff(numbers(1, 9), numbers(1, 4) + "new\n" + numbers(6, 9)),
            "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+new\n 6\n 7\n 8\n");
}

TEST(TextDiff, JoinsChangesWhoseContextTouches) {
  EXPECT_EQ(diff(numbers(1, 8), "0\n" + numbers(2, 7) + "9\n"),
            "--- f\n+++ f\n@@ -1,8 +1,8 @@\n-1\n+0\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+9\n");
  EXPECT_EQ(diff(numbers(1, 9), "0\n" + numbers(2, 8) + "0\n"),
            "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-1\n+0\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+0\n");
}

TEST(TextDiff, NamesAnEmptySideByTheLineBeforeIt) {
  EXPECT_EQ(diff("", "a\nb\n"), "--- f\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n");
  EXPECT_EQ(diff("a\n", ""), "--- f\n+++ f\n@@ -1 +0,0 @@\n-a\n");
}

TEST(TextDiff, SaysThatALineEndIsMissing) {
  EXPECT_EQ(diff("a", "a\nb"),
            "--- f\n+++ f\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n");
}

TEST(TextDiff, ShowsWhatATerminalWouldActOn) {
  EXPECT_THAT(diff("", "a\tb\r\n"), HasSubstr("+a\tb\\x0d\n"));
  EXPECT_THAT(diff("\x1b[2J\n", std::string("\0\xe2\x80\xae\x7f", 5) + "\n"),
              HasSubstr("-\\x1b[2J\n+\\x00\\xe2\\x80\\xae\\x7f\n"));
  EXPECT_EQ(unifiedDiff("", "a\n", "x\ny\x1b"), "--- x?y?\n+++ x?y?\n@@ -0,0 +1 @@\n+a\n");
}

TEST(TextDiff, FindsTheFewestLines) {
  EXPECT_EQ(diff("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n"),
            "--- f\n+++ f\n@@ -1,7 +1,6 @@\n-a\n-b\n c\n+b\n a\n b\n-b\n a\n+c\n");
}

// Applies a diff of texts with line ends.
std::string applied(const std::string& before, const std::string& patch) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < before.size(); at = before.find('\n', at) + 1) {
    lines.push_back(before.substr(at, before.find('\n', at) + 1 - at));
  }
  std::string result;
  std::size_t place = 0;
  for (std::size_t at = 0; at < patch.size(); at = patch.find('\n', at) + 1) {
    const std::string line = patch.substr(at, patch.find('\n', at) + 1 - at);
    if (line.starts_with("---") || line.starts_with("+++")) continue;
    if (line.starts_with("@@ -")) {
      const std::size_t first = std::stoul(line.substr(4));
      const std::size_t begin = line.find(",0 +") != std::string::npos ? first : first - 1;
      while (place < begin) result += lines.at(place++);
    } else if (line.starts_with('+')) {
      result += line.substr(1);
    } else {
      EXPECT_EQ(lines.at(place), line.substr(1));
      if (line.starts_with(' ')) result += line.substr(1);
      ++place;
    }
  }
  while (place < lines.size()) result += lines.at(place++);
  return result;
}

TEST(TextDiff, MakesTheOldTextTheNewOne) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    std::string before;
    std::string after;
    for (auto i = random() % 40; i > 0; --i) {
      const std::string line(1, static_cast<char>('a' + random() % 5));
      if (random() % 4 != 0) before += line + "\n";
      if (random() % 4 != 0) after += line + "\n";
    }
    ASSERT_EQ(applied(before, diff(before, after)), after) << before << "->\n" << after;
  }
}

TEST(TextDiff, ShowsEverythingBetweenAsReplacedIfTooMuchDiffers) {
  const std::string patch = diff("same\n" + numbers(1, 700) + "end\n", "same\n" + numbers(1001, 1700) + "end\n");
  EXPECT_THAT(patch, HasSubstr("@@ -1,702 +1,702 @@\n same\n-1\n"));
  EXPECT_THAT(patch, EndsWith("+1700\n end\n"));
}

TEST(TextDiff, CutsLinesAndEndsAtItsLimits) {
  EXPECT_THAT(diff("", std::string(5000, 'x') + "\n"), EndsWith("+" + std::string(1000, 'x') + "...\n"));
  const std::string patch = diff(numbers(1, 100'000), "");
  EXPECT_EQ(std::count(patch.begin(), patch.end(), '\n'), 2001);
  EXPECT_THAT(patch, EndsWith("\n-1997\n... and 98003 more lines\n"));
}

TEST(TextDiff, TakesLargeTexts) {
  const std::string text = std::string(std::size_t{2} << 20, '\n');
  EXPECT_THAT(diff("a\n" + text + "b\n", "c\n" + text + "d\n"), Not(HasSubstr("more lines")));
  EXPECT_THAT(diff(numbers(1, 300'000), numbers(300'001, 600'000)), HasSubstr("more lines"));
}

}  // namespace
}  // namespace rcb
