#include "http/date.h"

#include <array>
#include <cstdio>

namespace imageserver {
namespace {

struct Formatted {
  std::time_t moment = -1;
  std::array<char, 64> text{};
  std::size_t size = 0;
};

// By hand, as strftime asks the locale for the names.
void format(std::time_t moment, Formatted& out) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  gmtime_r(&moment, &parts);
  const int size =
      std::snprintf(out.text.data(), out.text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                    kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                    kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                    parts.tm_hour, parts.tm_min, parts.tm_sec);
  out.moment = moment;
  out.size = static_cast<std::size_t>(size);
}

}  // namespace

std::string_view http_date() { return http_date(std::time(nullptr)); }

std::string_view http_date(std::time_t moment) {
  thread_local Formatted last;
  if (last.moment != moment) format(moment, last);
  return {last.text.data(), last.size};
}

}  // namespace imageserver
