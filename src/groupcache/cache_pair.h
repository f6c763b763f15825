// The two caches of a node under one limit: main holds pictures that this node owns, hot holds
// pictures that other nodes own.

#ifndef IMAGESERVER_GROUPCACHE_CACHE_PAIR_H_
#define IMAGESERVER_GROUPCACHE_CACHE_PAIR_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "groupcache/lru.h"
#include "imageserver/cache_policy.h"
#include "imageserver/ring_mode.h"

namespace imageserver {

// One of the two caches.
enum class Shelf : std::uint8_t { kMain, kHot };

// Threads: any, concurrently.
class CachePair {
 public:
  using Time = Clock::time_point;

  // How long a picture stays in hot (kBalanced).
  static constexpr std::chrono::seconds kHotLifetime{60};

  // Hot is always LRU. In kBalanced its pictures are asked for often already and end after a
  // minute; in kGo it is as Go has it.
  struct Terms {
    std::int64_t limit = 0;  // bytes of both; 0 or less: never looks, never keeps, counts nothing
    RingMode mode = RingMode::kBalanced;
    CachePolicy policy = CachePolicy::kS3Fifo;  // main's
    std::int64_t smallest_share = 1;  // a picture takes at most one part in so many of the limit
  };

  explicit CachePair(const Terms& terms);

  // Looks in main, then in hot. No picture if neither has one that was not replaced.
  [[nodiscard]] Found get(std::string_view key, Time now);

  // What is kept, without counting anything: what get() finds, or what was replaced.
  [[nodiscard]] Kept peek(std::string_view key, Time now) const;

  // Keeps the picture, for `lifetime` at most, then evicts others until the limit holds. A picture
  // is not kept if it alone is larger than its cache may become, or than its share (Terms), or with
  // kS3Fifo larger than a tenth of the limit.
  //
  // kBalanced: hot takes at most an eighth of the limit, and main the rest.
  // kGo: each cache takes what it needs. While both together are over the limit, hot evicts if it
  // is larger than an eighth of main, else main evicts.
  void put(Shelf shelf, std::string_view key, Kept kept, Time now,
           std::optional<Clock::duration> lifetime = std::nullopt);

  // Drops the picture from both.
  void forget(std::string_view key);

  // How often the picture is asked for, a second; none if it is not kept here.
  [[nodiscard]] std::optional<double> rate(std::string_view key, Time now) const;

  struct Stats {
    CacheStats main;
    CacheStats hot;
  };

  // The counters of both, after expired pictures were dropped.
  [[nodiscard]] Stats stats(Time now);

 private:
  [[nodiscard]] std::int64_t room_of(Shelf shelf) const;
  [[nodiscard]] std::int64_t largest(Shelf shelf) const;
  [[nodiscard]] Cache& cache_of(Shelf shelf) IMAGESERVER_REQUIRES(mutex_);
  [[nodiscard]] Cache* overfull() IMAGESERVER_REQUIRES(mutex_);
  void drop_expired(Time now, std::vector<ImagePtr>& dropped) IMAGESERVER_REQUIRES(mutex_);

  const Terms terms_;
  mutable Mutex mutex_;
  const std::unique_ptr<Cache> main_ IMAGESERVER_PT_GUARDED_BY(mutex_);
  Lru hot_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_CACHE_PAIR_H_
