// The counters of a running group.

#ifndef IMAGESERVER_GROUPCACHE_LIVE_COUNTERS_H_
#define IMAGESERVER_GROUPCACHE_LIVE_COUNTERS_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "groupcache/counter_table.h"

namespace imageserver {

// Threads: any, concurrently.
class LiveCounters {
 public:
  // Adds one to the counter of that row: count<&GroupStats::gets>().
  template <std::uint64_t GroupStats::* kValue>
  void count() {
    counts_[place_of<kValue>()].fetch_add(1, std::memory_order_relaxed);
  }

  // Reads the counters one by one, in the order of kGroupStats.
  [[nodiscard]] GroupStats read() const {
    GroupStats stats;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      stats.*kGroupStats[i].value = counts_[i].load(std::memory_order_relaxed);
    }
    return stats;
  }

 private:
  template <std::uint64_t GroupStats::* kValue>
  static consteval std::size_t place_of() {
    constexpr auto kRow = std::ranges::find(kGroupStats, kValue, &StatRow<GroupStats>::value);
    static_assert(kRow != kGroupStats.end(), "every counter has a row in kGroupStats");
    return static_cast<std::size_t>(kRow - kGroupStats.begin());
  }

  std::array<std::atomic<std::uint64_t>, kGroupStats.size()> counts_{};
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_LIVE_COUNTERS_H_
