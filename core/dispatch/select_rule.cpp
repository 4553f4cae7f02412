#include "core/dispatch/select_rule.hpp"

#include "core/dispatch/common_image.hpp"
#include "core/support/error.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace rcb {
namespace {

// Only entries that agree in all of this can tie: paths of equal length that both begin an image's path are equal.
using Shape = std::tuple<std::size_t, std::string, std::string, Specificity>;  // labels, port, path

Shape shapeOf(const HostPattern& pattern) {
  return {pattern.labels.size(), pattern.port, pattern.path, specificityOf(pattern)};
}

// A way to read hosts: from a label on, forwards or backwards.
struct Reading {
  std::size_t label;
  bool backwards;
};

// What a reading sees before it meets a '*'. Of two patterns that match one image, one sees what the other's begins with.
std::string sightOf(const HostPattern& pattern, const Reading& reading) {
  std::string sight;
  for (std::size_t i = reading.label; i < pattern.labels.size(); ++i) {
    std::string label = reading.backwards ? pattern.labels[pattern.labels.size() - 1 - i] : pattern.labels[i];
    if (reading.backwards) std::reverse(label.begin(), label.end());
    const auto star = label.find('*');
    sight += label.substr(0, star);
    if (star != std::string::npos) break;
    sight += '.';
  }
  return sight;
}

// Entries with what one reading sees of them, sorted. Entries that may match one image stand so that the one's sight begins the other's.
using Sights = std::vector<std::pair<std::string, std::size_t>>;

Sights sightsOf(std::span<const RulePattern> patterns, const std::vector<std::size_t>& entries,
                const Reading& reading) {
  Sights sights;
  for (const std::size_t i : entries) sights.emplace_back(sightOf(patterns[i].pattern, reading), i);
  std::sort(sights.begin(), sights.end());
  return sights;
}

// Calls visit(entry, others): the entry and all those before it whose sight begins its own.
template <class Visit>
void eachWithBeginnings(const Sights& sights, Visit visit) {
  std::vector<std::string_view> beginnings;  // each begins the next
  std::vector<std::size_t> entries;
  for (const auto& [sight, entry] : sights) {
    while (!beginnings.empty() && !sight.starts_with(beginnings.back())) {
      beginnings.pop_back();
      entries.pop_back();
    }
    visit(entry, entries);
    beginnings.push_back(sight);
    entries.push_back(entry);
  }
}

std::size_t countPairs(const Sights& sights) {
  std::size_t pairs = 0;
  eachWithBeginnings(sights, [&pairs](std::size_t, const auto& others) { pairs += others.size(); });
  return pairs;
}

// The reading that leaves the fewest pairs to compare, or the first that leaves few.
Sights bestSights(std::span<const RulePattern> patterns, const std::vector<std::size_t>& entries) {
  Sights best;
  std::size_t bestPairs = 0;
  const std::size_t labels = patterns[entries.front()].pattern.labels.size();
  for (std::size_t label = 0; label < labels; ++label) {
    for (const bool backwards : {false, true}) {
      Sights sights = sightsOf(patterns, entries, {label, backwards});
      const std::size_t pairs = countPairs(sights);
      if (best.empty() || pairs < bestPairs) {
        best = std::move(sights);
        bestPairs = pairs;
      }
      if (bestPairs <= entries.size()) return best;
    }
  }
  return best;
}

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
  std::map<Shape, std::vector<std::size_t>> shapes;
  for (std::size_t i = 0; i < patterns.size(); ++i) shapes[shapeOf(patterns[i].pattern)].push_back(i);
  std::vector<std::size_t> rivals(patterns.size());  // of each entry, the first that it ties with; itself if none
  std::iota(rivals.begin(), rivals.end(), std::size_t{0});
  for (const auto& [shape, entries] : shapes) {
    eachWithBeginnings(bestSights(patterns, entries), [&](std::size_t entry, const std::vector<std::size_t>& others) {
      for (const std::size_t other : others) {
        const auto [left, right] = std::minmax(entry, other);
        if (rivals[right] <= left || patterns[left].rule == patterns[right].rule) continue;
        if (commonImage(patterns[left].pattern, patterns[right].pattern)) rivals[right] = left;
      }
    });
  }
  std::vector<Tie> ties;
  for (std::size_t right = 0; right < patterns.size(); ++right) {
    const std::size_t left = rivals[right];
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
  // The kubelet cuts one leading /v1 or /v2 off a key's path, because docker's configuration files have such keys.
  const bool cut = path.starts_with("/v1/") || path.starts_with("/v2/");
  return {cut ? image.registry + "/v2" + path : place, anyPath ? CacheKeyType::kImage : CacheKeyType::kRegistry};
}

}  // namespace rcb
