// The figures of a group and of its caches.

#ifndef IMAGESERVER_GROUPCACHE_STATS_H_
#define IMAGESERVER_GROUPCACHE_STATS_H_

#include <cstdint>

namespace imageserver {

// The counters of groupcache. groupcache/counter_table.h says what each counts.
struct GroupStats {
  std::uint64_t gets = 0;
  std::uint64_t cache_hits = 0;
  std::uint64_t peer_loads = 0;
  std::uint64_t peer_errors = 0;
  std::uint64_t loads = 0;
  std::uint64_t loads_deduped = 0;
  std::uint64_t local_loads = 0;
  std::uint64_t local_load_errs = 0;
  std::uint64_t server_requests = 0;
};

// The counters of one cache. The table says what each counts.
struct CacheStats {
  std::uint64_t bytes = 0;  // sum of key size + value_size over the items
  std::uint64_t items = 0;
  std::uint64_t gets = 0;
  std::uint64_t hits = 0;
  std::uint64_t evictions = 0;
};

struct Stats {
  GroupStats group;
  CacheStats main;
  CacheStats hot;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_STATS_H_
