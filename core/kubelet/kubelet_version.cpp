#include "core/kubelet/kubelet_version.hpp"

#include "core/support/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace rcb {
namespace {

// Takes a number of at most three digits from the beginning of `text`.
std::optional<int> takeNumber(std::string_view& text) {
  int number = 0;
  const char* const begin = text.data();
  const auto [end, error] = std::from_chars(begin, begin + std::min<std::size_t>(text.size(), 3), number);
  if (error != std::errc() || !isDigit(text.front())) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - begin));
  return number;
}

}  // namespace

std::string KubeletVersion::text() const { return fmt::format("1.{}", minor); }

std::optional<KubeletVersion> parseKubeletVersion(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  if (!text.starts_with("1.")) return std::nullopt;
  text.remove_prefix(2);
  const std::optional<int> minor = takeNumber(text);
  if (!minor) return std::nullopt;
  if (text.empty()) return KubeletVersion{*minor};
  if (text.front() != '.') return std::nullopt;
  text.remove_prefix(1);
  if (!takeNumber(text)) return std::nullopt;
  const bool complete = text.empty() || text.front() == '-' || text.front() == '+';
  return complete ? std::optional(KubeletVersion{*minor}) : std::nullopt;
}

}  // namespace rcb
