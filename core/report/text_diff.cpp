#include "core/report/text_diff.hpp"

#include "core/support/ascii.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <climits>
#include <cstdint>
#include <utility>
#include <vector>

namespace rcb {
namespace {

constexpr std::size_t kContext = 3;
// Insertions and removals for which the shortest way is looked for. With more, everything between the first and the last difference is shown as
// replaced.
constexpr std::ptrdiff_t kMostEdits = 1000;

std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

using Lines = std::vector<std::string_view>;

// A run of lines that differ: `removed` lines of the old text from `oldBegin` on become `added` lines of the new one from `newBegin` on.
struct Run {
  std::size_t oldBegin;
  std::size_t removed;
  std::size_t newBegin;
  std::size_t added;
};

// The steps of Myers's algorithm ("An O(ND) Difference Algorithm"): for each number of edits the furthest place on each diagonal.
class ShortestEdit {
 public:
  ShortestEdit(const Lines& left, const Lines& right) : left_(left), right_(right) {}

  // Whether each line of `left` and of `right` stays. False if it takes too many edits.
  bool find(std::vector<bool>& leftStays, std::vector<bool>& rightStays) {
    const auto n = std::ssize(left_);
    const auto m = std::ssize(right_);
    for (std::ptrdiff_t edits = 0; edits <= std::min(n + m, kMostEdits); ++edits) {
      if (step(edits)) {
        trace(edits, leftStays, rightStays);
        return true;
      }
    }
    return false;
  }

 private:
  // The furthest x on diagonal `k` after `edits` edits.
  std::int32_t at(std::ptrdiff_t edits, std::ptrdiff_t k) const {
    return furthest_[static_cast<std::size_t>(edits)][static_cast<std::size_t>(k + edits)];
  }

  // Whether the best way to diagonal `k` is an insertion, from the diagonal above.
  bool insertsTo(std::ptrdiff_t edits, std::ptrdiff_t k) const {
    return k == -edits || (k != edits && at(edits - 1, k - 1) < at(edits - 1, k + 1));
  }

  bool step(std::ptrdiff_t edits) {
    std::vector<std::int32_t> now(static_cast<std::size_t>(2 * edits + 1), -1);
    bool done = false;
    for (std::ptrdiff_t k = -edits; k <= edits; k += 2) {
      std::ptrdiff_t x = 0;
      if (edits > 0) x = insertsTo(edits, k) ? at(edits - 1, k + 1) : at(edits - 1, k - 1) + 1;
      std::ptrdiff_t y = x - k;
      while (x < std::ssize(left_) && y < std::ssize(right_) && x >= 0 && y >= 0 &&
             left_[static_cast<std::size_t>(x)] == right_[static_cast<std::size_t>(y)]) {
        ++x;
        ++y;
      }
      now[static_cast<std::size_t>(k + edits)] = static_cast<std::int32_t>(x);
      done = done || (x == std::ssize(left_) && y == std::ssize(right_));
    }
    furthest_.push_back(std::move(now));
    return done;
  }

  void trace(std::ptrdiff_t edits, std::vector<bool>& leftStays, std::vector<bool>& rightStays) const {
    std::ptrdiff_t x = std::ssize(left_);
    std::ptrdiff_t y = std::ssize(right_);
    for (; edits >= 0; --edits) {
      const std::ptrdiff_t k = x - y;
      const bool inserts = edits > 0 && insertsTo(edits, k);
      const std::ptrdiff_t from = edits == 0 ? 0 : inserts ? at(edits - 1, k + 1) : at(edits - 1, k - 1) + 1;
      for (; x > from; --x, --y) {
        leftStays[static_cast<std::size_t>(x - 1)] = true;
        rightStays[static_cast<std::size_t>(y - 1)] = true;
      }
      if (edits == 0) break;
      x = inserts ? x : x - 1;
      y = inserts ? y - 1 : y;
    }
  }

  const Lines& left_;
  const Lines& right_;
  std::vector<std::vector<std::int32_t>> furthest_;
};

std::vector<Run> runsOf(const Lines& before, const Lines& after) {
  std::size_t same = 0;
  while (same < std::min(before.size(), after.size()) && before[same] == after[same]) ++same;
  std::size_t end = 0;
  while (end < std::min(before.size(), after.size()) - same &&
         before[before.size() - 1 - end] == after[after.size() - 1 - end]) {
    ++end;
  }
  const auto middle = [&](const Lines& lines) {
    return Lines(lines.begin() + static_cast<std::ptrdiff_t>(same), lines.end() - static_cast<std::ptrdiff_t>(end));
  };
  const Lines left = middle(before);
  const Lines right = middle(after);
  std::vector<bool> leftStays(left.size());
  std::vector<bool> rightStays(right.size());
  ShortestEdit(left, right).find(leftStays, rightStays);
  std::vector<Run> runs;
  for (std::size_t x = 0, y = 0; x < left.size() || y < right.size();) {
    Run run{same + x, 0, same + y, 0};
    for (; x < left.size() && !leftStays[x]; ++x) ++run.removed;
    for (; y < right.size() && !rightStays[y]; ++y) ++run.added;
    if (run.removed > 0 || run.added > 0) runs.push_back(run);
    for (; x < left.size() && leftStays[x] && y < right.size() && rightStays[y]; ++x) ++y;
  }
  return runs;
}

// The line with `sign` before it, and a line end. What a terminal would act on is shown as \xNN.
std::string shown(char sign, std::string_view line) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text(1, sign);
  const bool ends = line.ends_with('\n');
  if (ends) line.remove_suffix(1);
  for (const char c : line.substr(0, kDiffLineBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if (isPrintable(c) || c == '\t') {
      text += c;
    } else {
      text.append("\\x").append(1, kHex[byte >> 4]).append(1, kHex[byte & 0xf]);
    }
  }
  if (line.size() > kDiffLineBytes) text += "...";
  return text + (ends ? "\n" : "\n\\ No newline at end of file\n");
}

// "12,3": the lines of one side. As diff writes it, an empty side is named by the line before it.
std::string rangeOf(std::size_t begin, std::size_t count) {
  const std::string first = std::to_string(count == 0 ? begin : begin + 1);
  return count == 1 ? first : first + "," + std::to_string(count);
}

// Collects lines up to the limit.
class Output {
 public:
  void add(const std::string& line) {
    if (lines_++ < kDiffLines) text_ += line;
  }
  std::string take() && {
    if (lines_ > kDiffLines) text_ += "... and " + std::to_string(lines_ - kDiffLines) + " more lines\n";
    return std::move(text_);
  }

 private:
  std::string text_;
  std::size_t lines_ = 0;
};

// The runs from `first` to before `last`, which share their context.
void addHunk(Output& output, const Lines& before, const Lines& after, const std::vector<Run>& runs, std::size_t first,
             std::size_t last) {
  const std::size_t lead = std::min(kContext, runs[first].oldBegin);
  const Run& final = runs[last - 1];
  const std::size_t oldBegin = runs[first].oldBegin - lead;
  const std::size_t newBegin = runs[first].newBegin - lead;
  const std::size_t oldEnd = std::min(before.size(), final.oldBegin + final.removed + kContext);
  const std::size_t newEnd = final.newBegin + final.added + (oldEnd - final.oldBegin - final.removed);
  output.add("@@ -" + rangeOf(oldBegin, oldEnd - oldBegin) + " +" + rangeOf(newBegin, newEnd - newBegin) + " @@\n");
  std::size_t place = oldBegin;
  for (std::size_t i = first; i < last; ++i) {
    for (; place < runs[i].oldBegin; ++place) output.add(shown(' ', before[place]));
    for (std::size_t k = 0; k < runs[i].removed; ++k) output.add(shown('-', before[place++]));
    for (std::size_t k = 0; k < runs[i].added; ++k) output.add(shown('+', after[runs[i].newBegin + k]));
  }
  for (; place < oldEnd; ++place) output.add(shown(' ', before[place]));
}

}  // namespace

std::string unifiedDiff(std::string_view oldText, std::string_view newText, std::string_view path) {
  if (oldText == newText) return "";
  const Lines before = linesOf(oldText);
  const Lines after = linesOf(newText);
  const std::vector<Run> runs = runsOf(before, after);
  Output output;
  output.add("--- " + printable(path, PATH_MAX) + "\n");
  output.add("+++ " + printable(path, PATH_MAX) + "\n");
  for (std::size_t first = 0; first < runs.size();) {
    std::size_t last = first + 1;
    while (last < runs.size() &&
           runs[last].oldBegin - runs[last - 1].oldBegin - runs[last - 1].removed <= 2 * kContext) {
      ++last;
    }
    addHunk(output, before, after, runs, first, last);
    first = last;
  }
  return std::move(output).take();
}

}  // namespace rcb
