// How long the answer of an origin is fresh, by its own words (RFC 9111, 4.2), as a cache hears
// them that many share.

#ifndef IMAGESERVER_SOURCE_ORIGIN_FRESHNESS_H_
#define IMAGESERVER_SOURCE_ORIGIN_FRESHNESS_H_

#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace imageserver {

// The header fields that tell it: the values of all lines of each, in the order of the answer.
struct FreshnessFields {
  std::vector<std::string> cache_control = {};
  std::vector<std::string> expires = {};
  std::vector<std::string> date = {};
  std::vector<std::string> age = {};
};

struct OriginFreshness {
  // What is left of it when the answer comes: 0 to a year. None: the origin does not say.
  std::optional<milliseconds> lifetime;
  // Whether the answer may be used past its lifetime, before the origin has been asked again.
  bool may_be_stale = true;

  friend bool operator==(const OriginFreshness&, const OriginFreshness&) = default;
};

// - no-store, private and no-cache, with fields named or without, leave no lifetime and allow no
//   stale use. A Cache-Control that is no list of directives counts as one of them, as it may hide
//   one. Directives that are not known here are ignored.
// - The lifetime is s-maxage, else max-age, else Expires - Date, less the Age. Without a Date that
//   can be read, `received`, the time of day at which the answer came, stands for it.
// - must-revalidate, proxy-revalidate and s-maxage allow no stale use.
// - Of what is said twice, the first counts. A number of seconds that is none, or an Expires that
//   is no date, leaves no lifetime; an Age that is none is ignored. Seconds are counted to 2^31.
//
// Threads: any.
[[nodiscard]] OriginFreshness origin_freshness(const FreshnessFields& fields, std::time_t received);

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_ORIGIN_FRESHNESS_H_
