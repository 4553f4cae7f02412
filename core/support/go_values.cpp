#include "core/support/go_values.hpp"

#include "core/support/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <string>

namespace rcb {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// Removes a sign; true if it was a minus.
bool takeSign(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

std::string_view takeDigits(std::string_view& text) {
  const std::string_view digits =
      text.substr(0, static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), isDigit) - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

// No value if it does not fit int64_t.
std::optional<std::int64_t> nanosecondsOf(std::string_view whole, std::string_view fraction, std::int64_t unit) {
  std::int64_t count = 0;
  if (!whole.empty()) {
    const auto [end, failure] = std::from_chars(whole.data(), whole.data() + whole.size(), count);
    if (failure != std::errc() || count > kMost / unit) return std::nullopt;
  }
  // From the last digit to the first, so that rounding happens once.
  std::int64_t part = 0;
  for (std::size_t at = fraction.size(); at-- > 0;) part = ((fraction[at] - '0') * unit + part) / 10;
  if (count * unit > kMost - part) return std::nullopt;
  return count * unit + part;
}

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};
// The micro sign and the Greek letter, in UTF-8.
constexpr Unit kUnits[] = {{"ns", 1},         {"us", 1'000},        {"\xc2\xb5s", 1'000},  {"\xce\xbcs", 1'000},
                           {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000}};

// Go allows an underscore between two digits, and between a base prefix and a digit.
std::optional<std::string> withoutUnderscores(std::string_view digits, bool afterPrefix) {
  std::string plain;
  bool mayFollow = afterPrefix;
  for (const char c : digits) {
    if (c == '_' && !mayFollow) return std::nullopt;
    mayFollow = c != '_';
    if (c != '_') plain.push_back(c);
  }
  if (plain.empty() || !mayFollow) return std::nullopt;
  return plain;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parseGoDuration(std::string_view text) {
  const bool negative = takeSign(text);
  if (text == "0") return std::chrono::nanoseconds(0);
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const std::string_view whole = takeDigits(text);
    std::string_view fraction;
    if (text.starts_with('.')) {
      text.remove_prefix(1);
      fraction = takeDigits(text);
    }
    if (whole.empty() && fraction.empty()) return std::nullopt;
    const std::string_view name = text.substr(0, text.find_first_of(".0123456789"));
    const auto unit =
        std::find_if(std::begin(kUnits), std::end(kUnits), [&](const Unit& known) { return known.name == name; });
    if (unit == std::end(kUnits)) return std::nullopt;
    const auto part = nanosecondsOf(whole, fraction, unit->nanoseconds);
    if (!part || total > kMost - *part) return std::nullopt;
    total += *part;
    text.remove_prefix(name.size());
  }
  return std::chrono::nanoseconds(negative ? -total : total);
}

std::optional<std::int64_t> parseGoInteger(std::string_view text) {
  const bool negative = takeSign(text);
  int base = 10;
  bool prefixed = false;
  if (text.size() > 1 && text.front() == '0') {
    const char letter = lowered(text[1]);
    base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
    prefixed = true;
    text.remove_prefix(base == 8 && letter != 'o' ? 1 : 2);
  }
  const auto digits = withoutUnderscores(text, prefixed);
  if (!digits || digits->front() == '-') return std::nullopt;
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(digits->data(), digits->data() + digits->size(), number, base);
  if (failure != std::errc() || end != digits->data() + digits->size()) return std::nullopt;
  return negative ? -number : number;
}

std::optional<double> parseGoDecimal(std::string_view text) {
  const bool negative = takeSign(text);
  if (text.empty() || text.find_first_not_of("0123456789.eE+-") != std::string_view::npos || text.front() == '-' ||
      text.front() == '+') {
    return std::nullopt;
  }
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return negative ? -number : number;
}

std::optional<bool> parseGoBoolean(std::string_view text) {
  for (const std::string_view yes : {"1", "t", "T", "true", "True", "TRUE"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"0", "f", "F", "false", "False", "FALSE"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

}  // namespace rcb
