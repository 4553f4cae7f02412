// Which rule answers for an image. The most specific pattern wins: longest path, then most literal labels, then most literal characters.
// Rules that tie for some image are refused when the file is read, so the order of the file never matters.
#pragma once

#include "core/dispatch/host_pattern.hpp"
#include "core/protocol/image_reference.hpp"
#include "core/protocol/response.hpp"

#include <compare>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rcb {

// Compares greater if more specific.
struct Specificity {
  std::size_t pathLength = 0;
  std::size_t literalLabels = 0;
  std::size_t literalCharacters = 0;
  auto operator<=>(const Specificity&) const = default;
};
Specificity specificityOf(const HostPattern& pattern);

// One entry of one rule's matchImages.
struct RulePattern {
  std::size_t rule;  // index in the file
  HostPattern pattern;
};

// Two entries of different rules that are equally specific and that some image matches both. `image` is such an image.
struct Tie {
  std::size_t left;  // indices into the span, left < right
  std::size_t right;
  std::string image;
};
// For every entry that ties with one before it, the first such, by `right`. Equal entries within one rule are no tie. The time does not grow
// with the square of the number of entries, as long as hosts that do not tie differ at the begin or end of a label.
std::vector<Tie> findTies(std::span<const RulePattern> patterns);

// The winning entry for the image, as an index into the span; nothing if none matches.
std::optional<std::size_t> selectPattern(std::span<const RulePattern> patterns, const ImageReference& image);

// The one key of `auth`, and how widely the kubelet may share the answer: the image's host (with its port) plus the winning pattern's
// path; Image if any rule on that host has a path, else Registry. The key always matches the image by the kubelet's rules.
struct AuthKey {
  std::string key;
  CacheKeyType cacheKeyType;
};
AuthKey authKeyFor(std::span<const RulePattern> patterns, std::size_t winner, const ImageReference& image);

}  // namespace rcb
