#include "core/support/date_time.hpp"

#include "core/support/ascii.hpp"

#include <algorithm>
#include <chrono>

namespace rcb {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// True if the text has the format `shape`, in which 0 matches any digit, and T and Z match either case.
bool hasShape(std::string_view text, std::string_view shape) {
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(), [](char c, char wanted) {
    return wanted == '0' ? isDigit(c) : c == wanted || (isUpper(wanted) && c == lowered(wanted));
  });
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::string_view withoutFraction(std::string_view text) {
  if (text.empty() || text.front() != '.') return text;
  const std::string_view rest = text.substr(std::min(text.find_first_not_of("0123456789", 1), text.size()));
  return text.size() - rest.size() > 1 ? rest : text;
}

// The offset from UTC.
std::optional<minutes> readOffset(std::string_view text) {
  if (hasShape(text, "Z")) return minutes(0);
  if (!hasShape(text, "+00:00") && !hasShape(text, "-00:00")) return std::nullopt;
  const int hour = number(text.substr(1, 2));
  const int minute = number(text.substr(4, 2));
  if (hour > 23 || minute > 59) return std::nullopt;
  return (text.front() == '-' ? -1 : 1) * (hours(hour) + minutes(minute));
}

bool endsMonth(UnixTime time) {
  const std::chrono::year_month_day next(std::chrono::floor<std::chrono::days>(time + seconds(1)));
  return time.time_since_epoch() % hours(24) + seconds(1) == hours(24) && next.day() == std::chrono::day(1);
}

void appendNumber(std::string& text, unsigned value, unsigned firstDigit) {
  for (; firstDigit > 0; firstDigit /= 10) text.push_back(static_cast<char>('0' + value / firstDigit % 10));
}

// With these characters between the parts of the date, and of the time of day.
std::string format(UnixTime time, std::string_view dash, std::string_view colon) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text;
  appendNumber(text, static_cast<unsigned>(static_cast<int>(date.year())), 1000);
  text += dash;
  appendNumber(text, static_cast<unsigned>(date.month()), 10);
  text += dash;
  appendNumber(text, static_cast<unsigned>(date.day()), 10);
  text += 'T';
  appendNumber(text, static_cast<unsigned>(clock.hours().count()), 10);
  text += colon;
  appendNumber(text, static_cast<unsigned>(clock.minutes().count()), 10);
  text += colon;
  appendNumber(text, static_cast<unsigned>(clock.seconds().count()), 10);
  return text + 'Z';
}

}  // namespace

std::optional<UnixTime> parseRfc3339(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00";
  const std::string_view local = text.substr(0, kShape.size());
  if (!hasShape(local, kShape)) return std::nullopt;
  const auto offset = readOffset(withoutFraction(text.substr(kShape.size())));
  const std::chrono::year_month_day date{std::chrono::year(number(local.substr(0, 4))),
                                         std::chrono::month(static_cast<unsigned>(number(local.substr(5, 2)))),
                                         std::chrono::day(static_cast<unsigned>(number(local.substr(8, 2))))};
  const int hour = number(local.substr(11, 2));
  const int minute = number(local.substr(14, 2));
  const int second = number(local.substr(17, 2));
  if (!offset || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const UnixTime time =
      std::chrono::sys_days(date) + hours(hour) + minutes(minute) + seconds(std::min(second, 59)) - *offset;
  if (second == 60 && !endsMonth(time)) return std::nullopt;
  return time;
}

std::string formatRfc3339(UnixTime time) { return format(time, "-", ":"); }

std::string formatBasicTime(UnixTime time) { return format(time, "", ""); }

}  // namespace rcb
