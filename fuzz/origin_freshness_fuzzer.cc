// What answers of origins say of freshness: lines, each with a letter in front for its field (`c`
// Cache-Control, `e` Expires, `d` Date, `a` Age).

#include "source/origin_freshness.h"

#include <chrono>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "check.h"
#include "http/date.h"
#include "http/token.h"
#include "source/cache_control.h"

namespace imageserver::fuzz {
namespace {

constexpr std::time_t kReceived = 1'767'225'600;
constexpr OriginFreshness kNeverReused{.lifetime = milliseconds(0), .may_be_stale = false};

FreshnessFields fields_of(std::string_view input) {
  FreshnessFields fields;
  while (!input.empty()) {
    const std::string_view line = take_until(input, '\n');
    if (line.starts_with('c')) fields.cache_control.emplace_back(line.substr(1));
    if (line.starts_with('e')) fields.expires.emplace_back(line.substr(1));
    if (line.starts_with('d')) fields.date.emplace_back(line.substr(1));
    if (line.starts_with('a')) fields.age.emplace_back(line.substr(1));
  }
  return fields;
}

std::string quoted(std::string_view text) {
  std::string all = "\"";
  for (const char c : text) all.append(1, '\\').append(1, c);
  return all + '"';
}

void check_list(const std::string& line) {
  const auto directives = parse_cache_control(line);
  if (!directives) return;
  std::string again;
  for (const CacheDirective& directive : *directives) {
    check(is_token(directive.name), "a name is a token");
    again.append(directive.name).append("=").append(quoted(directive.argument)).append(",");
  }
  check(parse_cache_control(again) == directives, "what was read is read again");
}

void check_date(const std::string& text) {
  const auto moment = parse_http_date(text, kReceived);
  check(!moment || parse_http_date(http_date(*moment), kReceived) == moment,
        "a date that was read is read again");
}

void check_freshness(const FreshnessFields& fields) {
  const OriginFreshness freshness = origin_freshness(fields, kReceived);
  const milliseconds lifetime = freshness.lifetime.value_or(milliseconds(0));
  check(lifetime >= milliseconds(0), "no lifetime is below 0");
  check(lifetime <= std::chrono::hours(24 * 365), "no lifetime is above a year");

  FreshnessFields newest = fields;
  newest.age.clear();
  const auto whole = origin_freshness(newest, kReceived);
  check(whole.may_be_stale == freshness.may_be_stale, "age does not decide on stale use");
  check(whole.lifetime >= freshness.lifetime, "age makes no lifetime longer");

  FreshnessFields more = fields;
  more.cache_control.emplace(more.cache_control.begin(), "x=\"s-maxage=5, no-store\", public");
  check(origin_freshness(more, kReceived) == freshness, "what is not known does not count");
  more.cache_control.emplace_back("No-Store");
  check(origin_freshness(more, kReceived) == kNeverReused, "nothing hides another line");
}

void run(std::string_view input) {
  const FreshnessFields fields = fields_of(input);
  for (const std::string& line : fields.cache_control) check_list(line);
  for (const std::string& text : fields.expires) check_date(text);
  for (const std::string& text : fields.date) check_date(text);
  check_freshness(fields);
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
