#include "providers/static_token/date_time.hpp"

#include <algorithm>
#include <chrono>

namespace rcb::static_token {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// True if `text` has the format `shape`, in which 0 matches any digit.
bool hasShape(std::string_view text, std::string_view shape) {
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(),
                    [](char c, char wanted) { return wanted == '0' ? isDigit(c) : c == wanted; });
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// The offset from UTC.
std::optional<std::chrono::minutes> readOffset(std::string_view text) {
  if (text == "Z") return std::chrono::minutes(0);
  if (!hasShape(text, "+00:00") && !hasShape(text, "-00:00")) return std::nullopt;
  const int hours = number(text.substr(1, 2));
  const int minutes = number(text.substr(4, 2));
  if (hours > 23 || minutes > 59) return std::nullopt;
  return (text.front() == '-' ? -1 : 1) * (std::chrono::hours(hours) + std::chrono::minutes(minutes));
}

}  // namespace

std::optional<sdk::Time> readDateTime(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00";
  const auto local = text.substr(0, kShape.size());
  if (!hasShape(local, kShape)) return std::nullopt;
  const auto offset = readOffset(text.substr(kShape.size()));
  const std::chrono::year_month_day date{std::chrono::year(number(local.substr(0, 4))),
                                         std::chrono::month(static_cast<unsigned>(number(local.substr(5, 2)))),
                                         std::chrono::day(static_cast<unsigned>(number(local.substr(8, 2))))};
  const int hour = number(local.substr(11, 2));
  const int minute = number(local.substr(14, 2));
  const int second = number(local.substr(17, 2));
  if (!offset || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) - *offset;
}

}  // namespace rcb::static_token
