// The two caches of a node under one limit: main holds what this node owns, hot what others own and
// is asked for here.

#ifndef IMAGESERVER_GROUPCACHE_CACHE_PAIR_H_
#define IMAGESERVER_GROUPCACHE_CACHE_PAIR_H_

#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "groupcache/lru.h"

namespace imageserver {

enum class Shelf : std::uint8_t { kMain, kHot };

// Threads: any, concurrently.
class CachePair {
 public:
  // Bytes of both together; 0 or less: never looks, never keeps, counts nothing.
  explicit CachePair(std::int64_t limit) : limit_(limit) {}

  // Looks in main, then in hot. Null if neither has it.
  [[nodiscard]] ImagePtr get(std::string_view key);

  // Keeps the picture, then makes room: while both together are over the limit, hot gives way if it
  // is larger than an eighth of main, else main. A picture that is larger than the limit by
  // itself is not kept, rather than throwing out everything else first.
  void put(Shelf shelf, std::string_view key, ImagePtr image);

  struct Figures {
    CacheStats main;
    CacheStats hot;
  };
  [[nodiscard]] Figures figures() const;

 private:
  [[nodiscard]] std::vector<ImagePtr> make_room();

  const std::int64_t limit_;
  mutable std::mutex mutex_;
  Lru main_;
  Lru hot_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_CACHE_PAIR_H_
