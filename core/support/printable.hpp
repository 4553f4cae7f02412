// Making foreign text fit to be shown: image names, annotation values and servers' reasons end in logs that people paste.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rcb {

// At most `limit` characters (then "..."), each printable ASCII; anything else, line ends included, becomes '?'.
std::string printable(std::string_view text, std::size_t limit = 200);

// The entry of `known` that is nearest to `word` by edit distance, if near enough to be a likely slip; else empty.
template <class Range>
std::string_view nearest(std::string_view word, const Range& known);

// Number of single-character insertions, deletions, replacements and swaps of neighbours between two words.
std::size_t editDistance(std::string_view left, std::string_view right);

// --- Inline implementations ---

template <class Range>
std::string_view nearest(std::string_view word, const Range& known) {
  std::string_view best;
  std::size_t bestDistance = word.size() / 3 + 2;
  for (const auto& candidate : known) {
    const std::size_t distance = editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

}  // namespace rcb
