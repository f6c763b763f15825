// A cache that evicts pictures asked for only once before others: S3-FIFO (Yang, Zhang, Qiu, Yue
// and Rashmi: FIFO queues are all you need for cache eviction, SOSP 2023,
// doi:10.1145/3600006.3613147).

#ifndef IMAGESERVER_GROUPCACHE_S3_FIFO_H_
#define IMAGESERVER_GROUPCACHE_S3_FIFO_H_

#include <cstddef>
#include <cstdint>

#include "groupcache/cache.h"
#include "groupcache/ghost.h"

namespace imageserver {

// There are two queues, and a hit moves nothing in them. A new picture enters the small queue. At
// the end of small, a picture that was used often enough moves to the main queue; any other picture
// is evicted, and its key is remembered for a while: if it comes back, it enters main at once. At
// the end of main, a picture with uses moves to the head again and loses one use.
//
// Uses are counted up to three. An eviction inspects about two entries in the mean, as each entry
// after the first costs a use, and never more than 256. Threads: as Cache.
class S3Fifo final : public Cache {
 public:
  // Small evicts while it has more than this part (a tenth) of the bytes of the cache.
  static constexpr std::int64_t kSmallShare = 10;

  // As many keys are remembered as main has pictures, but at least this many.
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
