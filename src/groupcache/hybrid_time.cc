#include "groupcache/hybrid_time.h"

#include "base/numbers.h"
#include "base/text.h"

namespace imageserver {

std::string time_text(HybridTime time) {
  return std::to_string(time.millis) + '.' + std::to_string(time.count);
}

std::optional<HybridTime> parse_time(std::string_view text) {
  const auto [before, behind] = cut(text, '.');
  const auto millis = parse_whole<std::uint64_t>(before);
  const auto count = parse_whole<std::uint32_t>(behind);
  if (!millis || !count) return std::nullopt;
  const HybridTime time = {.millis = *millis, .count = *count};
  if (time_text(time) != text) return std::nullopt;
  return time;
}

}  // namespace imageserver
