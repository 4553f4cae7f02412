// Selects the rule for an image. The most specific pattern wins: longest path, then most literal labels, then most literal characters. Rules that
// tie for some image are refused when the file is read, so the order of rules never matters.
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

// Two entries of different rules that are equally specific and match the same image.
struct Tie {
  std::size_t left;  // indices into the span, left < right
  std::size_t right;
  std::string image;  // an example that both match
};
// For every entry that ties with an earlier one, the first such tie, ordered by `right`. Equal entries within one rule do not tie. Takes less than
// quadratic time if the hosts of entries that do not tie differ at the beginning or end of a label.
std::vector<Tie> findTies(std::span<const RulePattern> patterns);

// The index of the most specific entry that matches the image; no value if none does.
std::optional<std::size_t> selectPattern(std::span<const RulePattern> patterns, const ImageReference& image);

// The key of `auth` and the scope of the answer in the kubelet's cache. The key is the image's host (with its port) and the winning pattern's path,
// and always matches the image by the kubelet's rules. The scope is Image if any pattern that matches the host has a path, else Registry.
struct AuthKey {
  std::string key;
  CacheKeyType cacheKeyType;
};
AuthKey authKeyFor(std::span<const RulePattern> patterns, std::size_t winner, const ImageReference& image);

}  // namespace rcb
