#include "source/origin_freshness.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/numbers.h"
#include "base/text.h"
#include "http/date.h"
#include "source/cache_control.h"

namespace imageserver {
namespace {

using std::chrono::seconds;

constexpr seconds kNone{0};
constexpr seconds kMostSeconds{std::int64_t{1} << 31U};  // RFC 9111, 1.2.2
constexpr seconds kMostLifetime = std::chrono::hours(24) * 365;

// What all lines of Cache-Control say together.
struct Directives {
  bool allows_no_reuse = false;  // before the origin has been asked again, if at all
  bool allows_no_stale = false;
  std::optional<seconds> s_maxage;
  std::optional<seconds> max_age;
};

// None if it is no number.
std::optional<seconds> delta_seconds(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, is_ascii_digit)) return std::nullopt;
  const auto number = parse_whole<std::int64_t>(text);  // none if it is too large
  return number ? std::min(seconds(*number), kMostSeconds) : kMostSeconds;
}

void note_lifetime(const CacheDirective& directive, std::optional<seconds>& lifetime) {
  if (!lifetime) lifetime = delta_seconds(directive.argument).value_or(kNone);
}

void note(const CacheDirective& directive, Directives& told) {
  const std::string_view name = directive.name;
  if (name == "s-maxage") note_lifetime(directive, told.s_maxage);
  if (name == "max-age") note_lifetime(directive, told.max_age);
  if (name == "no-store" || name == "no-cache" || name == "private") told.allows_no_reuse = true;
  if (name == "must-revalidate" || name == "proxy-revalidate" || name == "s-maxage") {
    told.allows_no_stale = true;
  }
}

Directives directives_of(const std::vector<std::string>& lines) {
  Directives told;
  for (const std::string& line : lines) {
    const auto directives = parse_cache_control(line);
    if (!directives) {
      told.allows_no_reuse = true;
      continue;
    }
    for (const CacheDirective& directive : *directives) note(directive, told);
  }
  return told;
}

std::optional<std::time_t> first_date(const std::vector<std::string>& lines, std::time_t now) {
  return lines.empty() ? std::nullopt : parse_http_date(lines.front(), now);
}

// By the clock of the origin, which need not be ours.
std::optional<seconds> until_expiry(const FreshnessFields& fields, std::time_t received) {
  if (fields.expires.empty()) return std::nullopt;
  const auto expires = first_date(fields.expires, received);
  if (!expires) return kNone;
  return seconds(*expires - first_date(fields.date, received).value_or(received));
}

// It may be a list, of which the first counts (RFC 9111, 5.1). One that is no number is ignored.
seconds age_of(const std::vector<std::string>& lines) {
  if (lines.empty()) return kNone;
  const std::string_view first = cut(lines.front(), ',').first;
  return delta_seconds(trimmed(first, " \t")).value_or(kNone);
}

std::optional<seconds> whole_lifetime(const FreshnessFields& fields, const Directives& told,
                                      std::time_t received) {
  if (told.s_maxage) return told.s_maxage;
  if (told.max_age) return told.max_age;
  return until_expiry(fields, received);
}

}  // namespace

OriginFreshness origin_freshness(const FreshnessFields& fields, std::time_t received) {
  const Directives told = directives_of(fields.cache_control);
  if (told.allows_no_reuse) return {.lifetime = kNone, .may_be_stale = false};
  OriginFreshness freshness{.lifetime = {}, .may_be_stale = !told.allows_no_stale};
  if (const auto whole = whole_lifetime(fields, told, received)) {
    freshness.lifetime = std::clamp(*whole - age_of(fields.age), kNone, kMostLifetime);
  }
  return freshness;
}

}  // namespace imageserver
