// The table of counters, of a group and of its caches: one row a counter. `/stats`, README's table
// and whatever else shows counters read these rows.

#ifndef IMAGESERVER_GROUPCACHE_COUNTER_TABLE_H_
#define IMAGESERVER_GROUPCACHE_COUNTER_TABLE_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "groupcache/stats.h"

namespace imageserver {

// A counter only grows; a gauge goes up and down.
enum class StatKind : std::uint8_t { kCounter, kGauge };

// One counter. `Owner` is GroupStats or CacheStats.
template <class Owner>
struct StatRow {
  std::string_view name;  // as groupcache writes it
  std::string_view help;  // one line of plain text; README's row begins with it
  StatKind kind;
  std::uint64_t Owner::* value;
};

// In the order of golang/groupcache, which is the order of `/stats`.
inline constexpr auto kGroupStats = std::to_array<StatRow<GroupStats>>({
    {"Gets", "Pictures asked for, by clients and by peers.", StatKind::kCounter, &GroupStats::gets},
    {"CacheHits", "Gets that found the picture in main or hot.", StatKind::kCounter,
     &GroupStats::cache_hits},
    {"PeerLoads", "Pictures fetched from the peer that owns them, or stands in for the owner.",
     StatKind::kCounter, &GroupStats::peer_loads},
    {"PeerErrors", "Fetches that failed, or were not tried as the peer is known to be away.",
     StatKind::kCounter, &GroupStats::peer_errors},
    {"Loads", "Gets that found no picture at first sight.", StatKind::kCounter, &GroupStats::loads},
    {"LoadsDeduped",
     "Loads that were begun; the others waited for one of these, or found its result.",
     StatKind::kCounter, &GroupStats::loads_deduped},
    {"LocalLoads", "Pictures rendered here.", StatKind::kCounter, &GroupStats::local_loads},
    {"LocalLoadErrs", "Renders that failed; nothing of them is kept.", StatKind::kCounter,
     &GroupStats::local_load_errs},
    {"ServerRequests", "Requests that came from peers.", StatKind::kCounter,
     &GroupStats::server_requests},
});

inline constexpr auto kCacheStats = std::to_array<StatRow<CacheStats>>({
    {"Bytes", "Bytes of the keys and pictures in the cache.", StatKind::kGauge, &CacheStats::bytes},
    {"Items", "Pictures in the cache.", StatKind::kGauge, &CacheStats::items},
    {"Gets", "Looks into the cache.", StatKind::kCounter, &CacheStats::gets},
    {"Hits", "Looks that found the picture.", StatKind::kCounter, &CacheStats::hits},
    {"Evictions", "Pictures dropped to make room.", StatKind::kCounter, &CacheStats::evictions},
});

static_assert(sizeof(GroupStats) == kGroupStats.size() * sizeof(std::uint64_t),
              "every counter of a group has its row");
static_assert(sizeof(CacheStats) == kCacheStats.size() * sizeof(std::uint64_t),
              "every counter of a cache has its row");

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_COUNTER_TABLE_H_
