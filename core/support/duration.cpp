#include "core/support/duration.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <system_error>

namespace rcb {

std::optional<std::chrono::milliseconds> parseDuration(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
  };
  static constexpr Unit kUnits[] = {{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};
  constexpr std::int64_t kLimit = 10'000LL * 3'600'000;
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  const Unit* next = std::begin(kUnits);
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc() || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    const std::string_view name = text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
    while (next != std::end(kUnits) && next->name != name) ++next;
    if (next == std::end(kUnits) || count > kLimit / next->milliseconds) return std::nullopt;
    total += count * next->milliseconds;
    text.remove_prefix(name.size());
    ++next;
  }
  if (total > kLimit) return std::nullopt;
  return std::chrono::milliseconds(total);
}

std::string formatDuration(std::chrono::seconds duration) {
  const auto total = duration.count();
  std::string text;
  if (total >= 3600) text += std::to_string(total / 3600) + "h";
  if (total >= 60) text += std::to_string(total / 60 % 60) + "m";
  return text + std::to_string(total % 60) + "s";
}

}  // namespace rcb
