// Two texts of any bytes, the second behind the first byte 0xff: the diff is printable, and adds and removes as many lines as the texts differ by.
#include "core/report/text_diff.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>
#include <string>

namespace {

using rcb::test::require;

std::ptrdiff_t lines(std::string_view text) {
  return std::count(text.begin(), text.end(), '\n') + (!text.empty() && text.back() != '\n' ? 1 : 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all = rcb::test::textOf(data, size);
  const std::string_view before = all.substr(0, all.find('\xff'));
  const std::string_view after = before.size() < all.size() ? all.substr(before.size() + 1) : std::string_view();
  const std::string diff = rcb::unifiedDiff(before, after, "f");
  require(diff.empty() == (before == after));
  require(
      std::all_of(diff.begin(), diff.end(), [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t'; }));
  if (diff.find(" more lines\n") != std::string::npos) return 0;
  std::ptrdiff_t removed = 0;
  std::ptrdiff_t added = 0;
  std::size_t header = 2;
  for (std::size_t at = 0; at < diff.size(); at = diff.find('\n', at) + 1) {
    if (header > 0) {
      --header;
      continue;
    }
    if (diff[at] == '-') ++removed;
    if (diff[at] == '+') ++added;
  }
  require(lines(after) - lines(before) == added - removed);
  return 0;
}
