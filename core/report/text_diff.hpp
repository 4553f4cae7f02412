// What changes in a file, as `diff -u` shows it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rcb {

inline constexpr std::size_t kDiffLines = 2000;
inline constexpr std::size_t kDiffLineBytes = 1000;

// A unified diff with three lines of context and `path` in both headers; empty if the texts are the same. Bytes that are not printable ASCII are
// shown as \xNN, so that a file cannot act on a terminal or hide a change. At most kDiffLines lines, and kDiffLineBytes bytes of each; then it says
// that there is more.
std::string unifiedDiff(std::string_view oldText, std::string_view newText, std::string_view path);

}  // namespace rcb
