// Makes untrusted text safe to show: image names, annotation values and servers' reasons end up in logs and tickets.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rcb {

// At most `limit` characters, then "...". Every character that is not printable ASCII, line ends included, becomes '?'.
std::string printable(std::string_view text, std::size_t limit = 200);

// The entry of `known` with the smallest edit distance to `word`, if it is small enough for a typing error; else empty.
template <class Range>
std::string_view nearest(std::string_view word, const Range& known);

// The number of insertions, deletions and replacements of a character, and swaps of two neighbours, that make one word the other.
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
