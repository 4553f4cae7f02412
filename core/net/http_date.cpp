#include "core/net/http_date.hpp"

#include "core/support/ascii.hpp"
#include "core/support/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace rcb {
namespace {

constexpr std::size_t kDateLimit = 64;
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

// The value of exactly `digits` decimal digits; -1 for anything else.
int number(std::string_view text, std::size_t digits) {
  if (text.size() != digits || !std::all_of(text.begin(), text.end(), isDigit)) return -1;
  int value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

struct Date {
  int year = -1;
  int day = -1;
  std::string_view month;
  std::string_view time;
};

// The unchecked fields of one of the three formats.
std::optional<Date> splitDate(std::string_view text, UnixTime now) {
  std::vector<std::string_view> words;
  eachPart(text, ' ', [&words](std::string_view word) {
    if (!word.empty()) words.push_back(word);
    return true;
  });
  if (words.size() == 6 && words[5] == "GMT") {  // Sun, 06 Nov 1994 08:49:37 GMT
    return Date{number(words[3], 4), number(words[1], 2), words[2], words[4]};
  }
  if (words.size() == 5) {  // Sun Nov  6 08:49:37 1994
    return Date{number(words[4], 4), number(words[2], words[2].size() == 1 ? 1 : 2), words[1], words[3]};
  }
  if (words.size() == 4 && words[3] == "GMT" && words[1].size() == 9 && words[1][2] == '-' && words[1][6] == '-') {
    // Sunday, 06-Nov-94 08:49:37 GMT. A year more than fifty years ahead is in the previous century.
    const int thisYear =
        static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now)).year());
    int year = number(words[1].substr(7), 2);
    if (year >= 0) year += thisYear / 100 * 100;
    if (year > thisYear + 50) year -= 100;
    return Date{year, number(words[1].substr(0, 2), 2), words[1].substr(3, 3), words[2]};
  }
  return std::nullopt;
}

bool startsWithDay(std::string_view text) {
  return std::any_of(kDays.begin(), kDays.end(), [text](std::string_view day) {
    return text.starts_with(std::string(day) + ", ") || text.starts_with(std::string(day.substr(0, 3)) + ", ") ||
           text.starts_with(std::string(day.substr(0, 3)) + " ");
  });
}

}  // namespace

std::optional<UnixTime> parseHttpDate(std::string_view text, UnixTime now) {
  if (text.size() > kDateLimit || !startsWithDay(text)) return std::nullopt;
  const std::optional<Date> date = splitDate(text, now);
  if (!date || date->year < 0 || date->day < 0) return std::nullopt;
  const auto month = std::find(kMonths.begin(), kMonths.end(), date->month);
  if (month == kMonths.end()) return std::nullopt;
  const std::chrono::year_month_day day(std::chrono::year(date->year),
                                        std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                                        std::chrono::day(static_cast<unsigned>(date->day)));
  const std::string_view time = date->time;
  if (!day.ok() || time.size() != 8 || time[2] != ':' || time[5] != ':') return std::nullopt;
  const int hour = number(time.substr(0, 2), 2);
  const int minute = number(time.substr(3, 2), 2);
  const int second = number(time.substr(6, 2), 2);
  // 60 is a leap second.
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

std::string formatHttpDate(UnixTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays[std::chrono::weekday(day).c_encoding()].substr(0, 3), static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace rcb
