// A cache in which pictures that are asked for once go first: S3-FIFO (Yang, Zhang, Qiu, Yue and
// Rashmi: FIFO queues are all you need for cache eviction, SOSP 2023, doi:10.1145/3600006.3613147).

#ifndef IMAGESERVER_GROUPCACHE_S3_FIFO_H_
#define IMAGESERVER_GROUPCACHE_S3_FIFO_H_

#include <cstddef>
#include <cstdint>

#include "groupcache/cache.h"
#include "groupcache/ghost.h"

namespace imageserver {

// Two queues, in which nothing moves when it is found. What is new enters the small one. At its
// end, a picture that was used often enough meanwhile goes on to the main queue, and any other is
// dropped, but its key remembered for a while: should it come back, it enters main at once. At the
// end of main, a picture that was used has another turn, at the price of one use.
//
// A use is counted up to three times. Each look of an eviction beyond its first is paid for by a
// use, so it takes two or so in the mean; and 256 at most.
class S3Fifo final : public Cache {
 public:
  // Small gives way where it has more than this part of all bytes here.
  static constexpr std::int64_t kSmallShare = 10;

  // Keys are remembered of as many pictures as main holds, or of this many.
  static constexpr std::size_t kFewestGhosts = 1024;

  S3Fifo() : Cache(std::nullopt) {}

 private:
  void entered(CacheEntry& entry) override;
  void used(CacheEntry& entry) override;
  void resized(const CacheEntry& entry, std::size_t before) override;
  [[nodiscard]] CacheEntry& victim() override;
  void leaving(const CacheEntry& entry) override;

  [[nodiscard]] bool small_is_over_its_share() const;
  void go_on_to_main(CacheEntry& entry);

  Queue small_;
  Queue main_;
  std::uint64_t small_bytes_ = 0;
  std::size_t main_items_ = 0;
  Ghost ghost_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_S3_FIFO_H_
