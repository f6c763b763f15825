// A cache that evicts its least recently used picture.

#ifndef IMAGESERVER_GROUPCACHE_LRU_H_
#define IMAGESERVER_GROUPCACHE_LRU_H_

#include <optional>

#include "groupcache/cache.h"

namespace imageserver {

// Threads: as Cache.
class Lru final : public Cache {
 public:
  explicit Lru(std::optional<Clock::duration> lifetime = std::nullopt) : Cache(lifetime) {}

 private:
  void entered(CacheEntry& entry) override { queue_.push_front(entry); }
  void used(CacheEntry& entry) override { move_to_head(queue_, entry); }
  [[nodiscard]] CacheEntry& victim() override { return queue_.back(); }

  Queue queue_;  // most recently used first
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_LRU_H_
