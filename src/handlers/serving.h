// How an answer came about, as clients and caches in front are told.

#ifndef IMAGESERVER_HANDLERS_SERVING_H_
#define IMAGESERVER_HANDLERS_SERVING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "groupcache/group.h"
#include "http/response.h"

namespace imageserver {

struct Serving {
  enum class Way : std::uint8_t {
    kHit,      // it was cached
    kMiss,     // nothing was cached
    kRenewed,  // what was cached had to be looked at first, or was replaced
  };

  Way way = Way::kHit;
  std::optional<milliseconds> stale_since = std::nullopt;  // how long ago it was fresh; none: it is
};

// How what lookup() has found is served, and what load() gives where lookup() has said
// `was_cached`. `fresh_for`: as Group::fresh_for() says it then. Threads: any.
[[nodiscard]] Serving serving_of(const Group::Looked& looked);
[[nodiscard]] Serving serving_after(bool was_cached, std::optional<milliseconds> fresh_for);

// What clients may do with answers. Immutable. Threads: any.
class CacheControl {
 public:
  // They keep a fresh one for so long, and one that is not fresh for a second at most.
  explicit CacheControl(int max_age_seconds);

  [[nodiscard]] std::string_view of(const Serving& serving) const {
    return serving.stale_since ? stale_ : fresh_;
  }

 private:
  const std::string fresh_;
  const std::string stale_;
};

// Adds Cache-Status (RFC 9211). Threads: any.
void add_cache_status(Response& response, const Serving& serving);

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_SERVING_H_
