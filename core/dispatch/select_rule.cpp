#include "core/dispatch/select_rule.hpp"

#include "core/dispatch/label_glob.hpp"
#include "core/support/error.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

namespace rcb {
namespace {

// Only entries that agree in all of this can tie: paths of equal length that both begin an image's path are equal.
using Shape = std::tuple<std::size_t, std::string, std::string, Specificity>;  // labels, port, path

Shape shapeOf(const HostPattern& pattern) {
  return {pattern.labels.size(), pattern.port, pattern.path, specificityOf(pattern)};
}

// Which labels are literal, a character each.
std::string maskOf(const HostPattern& pattern) {
  std::string mask;
  for (const std::string& label : pattern.labels) mask += isLiteral(label) ? 'l' : 'g';
  return mask;
}

// The labels that are literal in both masks, joined. Two patterns can only match one image if these are equal.
std::string commonLiterals(const HostPattern& pattern, const std::string& mask, const std::string& otherMask) {
  std::string joined;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] == 'l' && otherMask[i] == 'l') joined += pattern.labels[i];
    joined += '.';
  }
  return joined;
}

// An image that both patterns of one shape match, if there is one.
std::optional<std::string> commonImage(const HostPattern& left, const HostPattern& right) {
  std::string host;
  for (std::size_t i = 0; i < left.labels.size(); ++i) {
    auto label = commonLabel(left.labels[i], right.labels[i]);
    if (!label) return std::nullopt;
    if (label->empty()) {
      // Both begin with a star; one more character fits unless a literal is empty, which no file's pattern has.
      label = commonLabel("?" + left.labels[i], "?" + right.labels[i]);
      if (!label) return std::nullopt;
    }
    host += (i == 0 ? "" : ".") + *label;
  }
  if (!left.port.empty()) host += ":" + left.port;
  return host + (left.path.empty() ? "/image" : left.path + "/image");
}

using Group = std::vector<std::size_t>;  // indices of entries with one shape and one mask

void findTiesBetween(std::span<const RulePattern> patterns, const Group& left, const std::string& leftMask,
                     const Group& right, const std::string& rightMask, std::vector<Tie>& ties) {
  std::unordered_map<std::string, Group> byLiterals;
  for (const std::size_t i : left) byLiterals[commonLiterals(patterns[i].pattern, leftMask, rightMask)].push_back(i);
  for (const std::size_t j : right) {
    const auto bucket = byLiterals.find(commonLiterals(patterns[j].pattern, rightMask, leftMask));
    if (bucket == byLiterals.end()) continue;
    for (const std::size_t i : bucket->second) {
      const bool once = &left != &right || i < j;
      if (!once || patterns[i].rule == patterns[j].rule) continue;
      if (auto image = commonImage(patterns[i].pattern, patterns[j].pattern)) {
        ties.push_back({std::min(i, j), std::max(i, j), std::move(*image)});
        break;  // one tie is enough to refuse an entry
      }
    }
  }
}

}  // namespace

Specificity specificityOf(const HostPattern& pattern) {
  Specificity specificity;
  specificity.pathLength = pattern.path.size();
  for (const std::string& label : pattern.labels) {
    specificity.literalLabels += isLiteral(label) ? std::size_t{1} : std::size_t{0};
    specificity.literalCharacters += isLiteral(label) ? label.size() : literalCharacters(label);
  }
  return specificity;
}

std::vector<Tie> findTies(std::span<const RulePattern> patterns) {
  std::map<Shape, std::map<std::string, Group>> shapes;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    shapes[shapeOf(patterns[i].pattern)][maskOf(patterns[i].pattern)].push_back(i);
  }
  std::vector<Tie> ties;
  for (const auto& [shape, masks] : shapes) {
    for (auto left = masks.begin(); left != masks.end(); ++left) {
      for (auto right = left; right != masks.end(); ++right) {
        findTiesBetween(patterns, left->second, left->first, right->second, right->first, ties);
      }
    }
  }
  std::sort(ties.begin(), ties.end(),
            [](const Tie& a, const Tie& b) { return std::pair(a.right, a.left) < std::pair(b.right, b.left); });
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
  AuthKey key{image.registry + patterns[winner].pattern.path, anyPath ? CacheKeyType::kImage : CacheKeyType::kRegistry};
  const auto parsed = parseHostPattern(key.key);
  if (!parsed || !matchesImage(*parsed, image.name)) {
    throw Error(ErrorCode::kInternal, "the key for the answer does not match the image").with("image", image.name);
  }
  return key;
}

}  // namespace rcb
