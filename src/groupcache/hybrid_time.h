// Times of a hybrid logical clock (hybrid_clock.h).

#ifndef IMAGESERVER_GROUPCACHE_HYBRID_TIME_H_
#define IMAGESERVER_GROUPCACHE_HYBRID_TIME_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imageserver {

struct HybridTime {
  std::uint64_t millis = 0;  // since 1970, UTC
  std::uint32_t count = 0;   // tells times of one millisecond apart

  auto operator<=>(const HybridTime&) const = default;
};

// `1800000000000.7`. Threads: any, as below.
[[nodiscard]] std::string time_text(HybridTime time);

// None for what time_text() does not write.
[[nodiscard]] std::optional<HybridTime> parse_time(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_HYBRID_TIME_H_
