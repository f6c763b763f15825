// The two caches of a node under one limit: main holds what this node owns, hot what others own and
// is asked for here.

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

enum class Shelf : std::uint8_t { kMain, kHot };

// Threads: any, concurrently.
class CachePair {
 public:
  using Time = Clock::time_point;

  // How long a picture stays in hot (kBalanced).
  static constexpr std::chrono::seconds kHotLifetime{60};

  // `limit`: bytes of both together; 0 or less: never looks, never keeps, counts nothing.
  // `policy` is main's. Hot is always LRU: what enters it is asked for often already and ends after
  // a minute (kBalanced), or is to be as Go has it (kGo).
  CachePair(std::int64_t limit, RingMode mode, CachePolicy policy);

  // Looks in main, then in hot. Null if neither has it.
  [[nodiscard]] ImagePtr get(std::string_view key, Time now);

  // The same without counting anything.
  [[nodiscard]] ImagePtr peek(std::string_view key, Time now) const;

  // Keeps the picture, then makes room. A picture that alone is larger than what its cache may
  // ever take, or with kS3Fifo than a tenth of the limit, is not kept, rather than throwing out
  // everything else first.
  //
  // kBalanced: hot never takes more than an eighth of the limit, and main what hot leaves it.
  // kGo: either takes what there is; while both together are over the limit, hot gives way if it
  // is larger than an eighth of main, else main.
  void put(Shelf shelf, std::string_view key, ImagePtr image, Time now);

  // How often a picture that is kept here is asked for, a second; none if it is not kept.
  [[nodiscard]] std::optional<double> rate(std::string_view key, Time now) const;

  struct Figures {
    CacheStats main;
    CacheStats hot;
  };
  // After what is too old was dropped.
  [[nodiscard]] Figures figures(Time now);

 private:
  [[nodiscard]] std::int64_t room_of(Shelf shelf) const;
  [[nodiscard]] std::int64_t largest(Shelf shelf) const;
  [[nodiscard]] Cache& cache_of(Shelf shelf) IMAGESERVER_REQUIRES(mutex_);
  [[nodiscard]] Cache* overfull() IMAGESERVER_REQUIRES(mutex_);
  void drop_expired(Time now, std::vector<ImagePtr>& dropped) IMAGESERVER_REQUIRES(mutex_);

  const std::int64_t limit_;
  const RingMode mode_;
  const CachePolicy policy_;
  mutable Mutex mutex_;
  const std::unique_ptr<Cache> main_ IMAGESERVER_PT_GUARDED_BY(mutex_);
  Lru hot_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_CACHE_PAIR_H_
