// One cache: pictures by key, the least recently used one first to go.

#ifndef IMAGESERVER_GROUPCACHE_LRU_H_
#define IMAGESERVER_GROUPCACHE_LRU_H_

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "imageserver/group.h"
#include "imageserver/image.h"

namespace imageserver {

// Threads: one at a time; CachePair locks. Knows no limit: its owner says when an entry has to go.
class Lru {
 public:
  // The picture, which becomes the most recently used, or null. Counts a get, and a hit.
  [[nodiscard]] ImagePtr get(std::string_view key);

  // Adds the picture as the most recently used, in the place of the key's old one if there is one:
  // that is handed over, as by evict().
  ImagePtr put(std::string_view key, ImagePtr image);

  // Drops the least recently used picture. REQUIRES: not empty.
  // Hands it over, so that the caller can free it after unlocking.
  [[nodiscard]] ImagePtr evict();

  [[nodiscard]] const CacheStats& stats() const { return stats_; }

 private:
  struct Entry {
    std::string key;
    ImagePtr image;
  };
  using Entries = std::list<Entry>;

  [[nodiscard]] static std::size_t size_of(const Entry& entry);

  Entries entries_;  // most recently used first
  // The views point into the list's own keys, which never move.
  std::unordered_map<std::string_view, Entries::iterator> index_;
  CacheStats stats_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_LRU_H_
