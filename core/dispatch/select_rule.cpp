#include "core/dispatch/select_rule.hpp"

#include "core/dispatch/common_image.hpp"
#include "core/support/error.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <tuple>
#include <utility>

namespace rcb {
namespace {

// Only entries of equal shape can tie. Two paths of equal length that are both a prefix of an image's path are equal.
using Shape = std::tuple<std::size_t, std::string_view, std::string_view, Specificity>;  // labels, port, path

Shape shapeOf(const HostPattern& pattern) {
  return {pattern.labels.size(), pattern.port, pattern.path, specificityOf(pattern)};
}

using Entries = std::vector<std::size_t>;

// The literal end of one label of an entry. If two entries match the same image, one's literal end is a prefix of the other's.
struct LabelEnd {
  std::string text;  // up to a '*', or the whole label and a dot
  std::size_t entry;
  bool isLeft;
};

// Compares the entries of one shape, except pairs whose hosts differ at an end of a label.
class TieSearch {
 public:
  explicit TieSearch(std::span<const RulePattern> patterns) : patterns_(patterns), rivals_(patterns.size()) {
    std::iota(rivals_.begin(), rivals_.end(), std::size_t{0});
  }

  // For each entry the first one that it ties with; itself if there is none.
  const Entries& rivals() const { return rivals_; }

  // Compares each entry with each. The ends before `end` are known to agree.
  void compare(const Entries& entries, std::size_t end = 0) {
    if (entries.size() <= kFew || end == endsOf(entries)) {
      for (const std::size_t entry : entries) compareWithEarlier(entry, entries);
      return;
    }
    std::vector<LabelEnd> labelEnds;
    addLabelEnds(entries, end, true, labelEnds);
    eachWithLonger(labelEnds, [&](std::span<const LabelEnd> equal, std::span<const LabelEnd> longer) {
      const Entries here = entriesOf(equal, true);
      compare(here, end + 1);
      compare(here, entriesOf(longer, true), end + 1);
    });
  }

 private:
  static constexpr std::size_t kFew = 4;

  // Compares each entry on the left with each on the right.
  void compare(const Entries& left, const Entries& right, std::size_t end) {
    if (left.empty() || right.empty()) return;
    if (left.size() + right.size() <= kFew || end == endsOf(left)) {
      for (const std::size_t entry : left) compareWithEarlier(entry, right);
      for (const std::size_t entry : right) compareWithEarlier(entry, left);
      return;
    }
    std::vector<LabelEnd> labelEnds;
    addLabelEnds(left, end, true, labelEnds);
    addLabelEnds(right, end, false, labelEnds);
    eachWithLonger(labelEnds, [&](std::span<const LabelEnd> equal, std::span<const LabelEnd> longer) {
      const Entries leftHere = entriesOf(equal, true);
      const Entries rightHere = entriesOf(equal, false);
      compare(leftHere, rightHere, end + 1);
      compare(leftHere, entriesOf(longer, false), end + 1);
      compare(entriesOf(longer, true), rightHere, end + 1);
    });
  }

  std::size_t endsOf(const Entries& entries) const { return 2 * patterns_[entries.front()].pattern.labels.size(); }

  // `others` is in file order.
  void compareWithEarlier(std::size_t entry, const Entries& others) {
    for (const std::size_t other : others) {
      if (other >= rivals_[entry]) return;
      if (patterns_[other].rule == patterns_[entry].rule) continue;
      if (commonImage(patterns_[other].pattern, patterns_[entry].pattern)) rivals_[entry] = other;
    }
  }

  // Adds the entries' literal ends. Even numbers of `end` are beginnings of labels, odd ones ends.
  void addLabelEnds(const Entries& entries, std::size_t end, bool isLeft, std::vector<LabelEnd>& labelEnds) const {
    labelEnds.reserve(labelEnds.size() + entries.size());
    for (const std::size_t entry : entries) {
      const std::string_view label = patterns_[entry].pattern.labels[end / 2];
      const bool isLiteral = label.find('*') == std::string_view::npos;
      std::string text = end % 2 == 0 ? std::string(label.substr(0, label.find('*')))
                                      : std::string(label.rbegin(), std::find(label.rbegin(), label.rend(), '*'));
      if (isLiteral) text += '.';
      labelEnds.push_back({std::move(text), entry, isLeft});
    }
  }

  // Calls visit(the entries with one literal end, the entries with longer ones that begin with it) for each literal end.
  template <class Visit>
  static void eachWithLonger(std::vector<LabelEnd>& labelEnds, Visit visit) {
    std::sort(labelEnds.begin(), labelEnds.end(), [](const LabelEnd& a, const LabelEnd& b) {
      return std::tie(a.text, a.entry) < std::tie(b.text, b.entry);
    });
    for (auto begin = labelEnds.begin(); begin != labelEnds.end();) {
      const auto end =
          std::find_if(begin, labelEnds.end(), [&](const LabelEnd& labelEnd) { return labelEnd.text != begin->text; });
      const auto last = std::find_if(end, labelEnds.end(),
                                     [&](const LabelEnd& labelEnd) { return !labelEnd.text.starts_with(begin->text); });
      visit(std::span<const LabelEnd>(begin, end), std::span<const LabelEnd>(end, last));
      begin = end;
    }
  }

  // In file order.
  static Entries entriesOf(std::span<const LabelEnd> labelEnds, bool ofLeft) {
    Entries entries;
    for (const LabelEnd& labelEnd : labelEnds) {
      if (labelEnd.isLeft == ofLeft) entries.push_back(labelEnd.entry);
    }
    std::sort(entries.begin(), entries.end());
    return entries;
  }

  std::span<const RulePattern> patterns_;
  Entries rivals_;
};

}  // namespace

Specificity specificityOf(const HostPattern& pattern) {
  Specificity specificity;
  specificity.pathLength = pattern.path.size();
  for (const std::string& label : pattern.labels) {
    const auto stars = static_cast<std::size_t>(std::count(label.begin(), label.end(), '*'));
    specificity.literalLabels += stars == 0 ? std::size_t{1} : std::size_t{0};
    specificity.literalCharacters += label.size() - stars;
  }
  return specificity;
}

std::vector<Tie> findTies(std::span<const RulePattern> patterns) {
  std::vector<std::pair<Shape, std::size_t>> shapes;
  shapes.reserve(patterns.size());
  for (std::size_t i = 0; i < patterns.size(); ++i) shapes.emplace_back(shapeOf(patterns[i].pattern), i);
  std::sort(shapes.begin(), shapes.end());
  TieSearch search(patterns);
  for (auto begin = shapes.begin(); begin != shapes.end();) {
    Entries entries;
    const auto end = std::find_if(begin, shapes.end(), [&](const auto& entry) { return entry.first != begin->first; });
    for (; begin != end; ++begin) entries.push_back(begin->second);
    search.compare(entries);
  }
  std::vector<Tie> ties;
  for (std::size_t right = 0; right < patterns.size(); ++right) {
    const std::size_t left = search.rivals()[right];
    if (left != right) ties.push_back({left, right, *commonImage(patterns[left].pattern, patterns[right].pattern)});
  }
  return ties;
}

std::optional<std::size_t> selectPattern(std::span<const RulePattern> patterns, const ImageReference& image) {
  const auto parsed = parseHostPattern(image.name);
  if (!parsed) return std::nullopt;
  std::optional<std::size_t> winner;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (!matchesParsedImage(patterns[i].pattern, *parsed)) continue;
    if (!winner || specificityOf(patterns[i].pattern) > specificityOf(patterns[*winner].pattern)) winner = i;
  }
  return winner;
}

AuthKey authKeyFor(std::span<const RulePattern> patterns, std::size_t winner, const ImageReference& image) {
  auto onHost = parseHostPattern(image.registry);
  const bool anyPath = onHost && std::any_of(patterns.begin(), patterns.end(), [&](const RulePattern& entry) {
                         if (entry.pattern.path.empty()) return false;
                         onHost->path = entry.pattern.path;
                         return matchesParsedImage(entry.pattern, *onHost);
                       });
  const std::string& path = patterns[winner].pattern.path;
  const std::string place = image.registry + path;
  const auto parsed = parseHostPattern(place);
  if (!parsed || !matchesImage(*parsed, image.name)) {
    throw Error(ErrorCode::kInternal, "the key for the answer does not match the image").with("image", image.name);
  }
  // The kubelet removes one leading /v1 or /v2 from a key's path, because docker's configuration files have such keys.
  const bool cut = path.starts_with("/v1/") || path.starts_with("/v2/");
  return {cut ? image.registry + "/v2" + path : place, anyPath ? CacheKeyType::kImage : CacheKeyType::kRegistry};
}

}  // namespace rcb
