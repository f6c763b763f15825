#include "http/date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>

#include "base/numbers.h"
#include "base/text.h"

namespace imageserver {
namespace {

using std::chrono::sys_seconds;

constexpr auto kDays =
    std::to_array<std::string_view>({"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"});
constexpr auto kLongDays = std::to_array<std::string_view>(
    {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"});
constexpr auto kMonths = std::to_array<std::string_view>(
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});

struct Formatted {
  std::time_t moment = 0;
  std::array<char, 64> text{};
  std::size_t size = 0;  // 0: nothing is formatted yet
};

// By hand, as strftime asks the locale for the names.
void format(std::time_t moment, Formatted& out) {
  std::tm parts{};
  gmtime_r(&moment, &parts);
  const int size =
      std::snprintf(out.text.data(), out.text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                    kDays[static_cast<std::size_t>(parts.tm_wday)].data(), parts.tm_mday,
                    kMonths[static_cast<std::size_t>(parts.tm_mon)].data(), parts.tm_year + 1900,
                    parts.tm_hour, parts.tm_min, parts.tm_sec);
  out.moment = moment;
  out.size = static_cast<std::size_t>(size);
}

// The parts of a date as they are written.
struct Words {
  std::string_view day;
  std::string_view month;
  std::string_view year;
  std::string_view time;
};

struct Numbers {
  int day = 0;
  unsigned month = 0;  // from 1
  int year = 0;
  std::chrono::seconds time{};  // of the day
};

// In the pattern `a` stands for any letter, `0` for any digit, `_` for a digit or a space, and
// everything else for itself in either case.
bool fits(std::string_view text, std::string_view pattern) {
  return std::ranges::equal(text, pattern, [](char c, char wanted) {
    if (wanted == 'a') return is_ascii_letter(c);
    if (wanted == '0') return is_ascii_digit(c);
    if (wanted == '_') return is_ascii_digit(c) || c == ' ';
    return ascii_lower(c) == ascii_lower(wanted);
  });
}

template <class Names>
auto find_name(const Names& names, std::string_view name) {
  return std::ranges::find_if(names, [name](std::string_view n) { return same_word(n, name); });
}

template <class Names>
bool has_name(const Names& names, std::string_view name) {
  return find_name(names, name) != names.end();
}

std::optional<Words> split_fixdate(std::string_view text) {
  if (!fits(text, "aaa, 00 aaa 0000 00:00:00 GMT")) return std::nullopt;
  if (!has_name(kDays, text.substr(0, 3))) return std::nullopt;
  return Words{.day = text.substr(5, 2),
               .month = text.substr(8, 3),
               .year = text.substr(12, 4),
               .time = text.substr(17, 8)};
}

std::optional<Words> split_rfc850(std::string_view text) {
  const auto [day, rest] = cut(text, ',');
  if (!has_name(kLongDays, day) || !fits(rest, " 00-aaa-00 00:00:00 GMT")) return std::nullopt;
  return Words{.day = rest.substr(1, 2),
               .month = rest.substr(4, 3),
               .year = rest.substr(8, 2),
               .time = rest.substr(11, 8)};
}

std::optional<Words> split_asctime(std::string_view text) {
  if (!fits(text, "aaa aaa _0 00:00:00 0000")) return std::nullopt;
  if (!has_name(kDays, text.substr(0, 3))) return std::nullopt;
  return Words{.day = trimmed(text.substr(8, 2), " "),
               .month = text.substr(4, 3),
               .year = text.substr(20, 4),
               .time = text.substr(11, 8)};
}

std::optional<Words> split(std::string_view text) {
  if (const auto words = split_fixdate(text)) return words;
  if (const auto words = split_rfc850(text)) return words;
  return split_asctime(text);
}

// REQUIRES: digits, and few enough.
int number_of(std::string_view digits) { return parse_whole<int>(digits).value_or(0); }

std::optional<std::chrono::seconds> time_of(std::string_view text) {
  const int hours = number_of(text.substr(0, 2));
  const int minutes = number_of(text.substr(3, 2));
  const int seconds = number_of(text.substr(6, 2));
  if (hours > 23 || minutes > 59 || seconds > 60) return std::nullopt;
  return std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
}

std::optional<Numbers> numbers_of(const Words& words) {
  const auto month = find_name(kMonths, words.month);
  const auto time = time_of(words.time);
  if (month == kMonths.end() || !time) return std::nullopt;
  return Numbers{.day = number_of(words.day),
                 .month = static_cast<unsigned>(month - kMonths.begin()) + 1,
                 .year = number_of(words.year),
                 .time = *time};
}

// A day behind the end of a month is one of the next.
sys_seconds moment_of(const Numbers& numbers) {
  const auto first = std::chrono::year(numbers.year) / std::chrono::month(numbers.month) / 1;
  return std::chrono::sys_days(first) + std::chrono::days(numbers.day - 1) + numbers.time;
}

bool is_day(const Numbers& numbers) {
  const auto day = std::chrono::day(static_cast<unsigned>(numbers.day));
  return (std::chrono::year(numbers.year) / std::chrono::month(numbers.month) / day).ok();
}

int full_year(Numbers numbers, std::time_t now) {
  const auto latest = sys_seconds(std::chrono::seconds(now)) + std::chrono::years(50);
  const auto date = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(latest));
  const int year = static_cast<int>(date.year());
  numbers.year = year - (year - numbers.year) % 100;
  return moment_of(numbers) <= latest ? numbers.year : numbers.year - 100;
}

}  // namespace

std::string_view http_date() { return http_date(std::time(nullptr)); }

std::string_view http_date(std::time_t moment) {
  thread_local Formatted last;
  if (last.size == 0 || last.moment != moment) format(moment, last);
  return {last.text.data(), last.size};
}

std::optional<std::time_t> parse_http_date(std::string_view text, std::time_t now) {
  const std::optional<Words> words = split(text);
  std::optional<Numbers> numbers = words ? numbers_of(*words) : std::nullopt;
  if (!numbers) return std::nullopt;
  if (words->year.size() == 2) numbers->year = full_year(*numbers, now);
  if (!is_day(*numbers)) return std::nullopt;
  return moment_of(*numbers).time_since_epoch().count();
}

}  // namespace imageserver
