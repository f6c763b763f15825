// One cache: pictures by key, the least recently used one first to go.

#ifndef IMAGESERVER_GROUPCACHE_LRU_H_
#define IMAGESERVER_GROUPCACHE_LRU_H_

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "groupcache/rate.h"
#include "imageserver/group.h"
#include "imageserver/image.h"

namespace imageserver {

// Threads: one at a time; CachePair locks. Knows no limit: its owner says when an entry has to go.
class Lru {
 public:
  using Time = Clock::time_point;

  // A picture is not found any more once `lifetime` has passed since it was put; none: it stays.
  explicit Lru(std::optional<Clock::duration> lifetime = std::nullopt) : lifetime_(lifetime) {}

  // The picture, which becomes the most recently used, or null. Counts a get, and a hit.
  [[nodiscard]] ImagePtr get(std::string_view key, Time now);

  // The same, but counts nothing and makes nothing more recent.
  [[nodiscard]] ImagePtr peek(std::string_view key, Time now) const;

  // Adds the picture as the most recently used, in the place of the key's old one if there is one:
  // that is handed over, as by evict().
  ImagePtr put(std::string_view key, ImagePtr image, Time now);

  // Drops the least recently used picture. REQUIRES: not empty.
  // Hands it over, so that the caller can free it after unlocking.
  [[nodiscard]] ImagePtr evict();

  // Drops the oldest picture if its time is up, and hands it over; else null. Not an eviction,
  // which is for room.
  [[nodiscard]] ImagePtr drop_expired(Time now);

  // How often the picture is asked for, a second; none if it is not here. Counts nothing.
  [[nodiscard]] std::optional<double> rate(std::string_view key, Time now) const;

  [[nodiscard]] const CacheStats& stats() const { return stats_; }

 private:
  struct Entry;
  using Entries = std::list<Entry>;
  using Ages = std::list<Entries::iterator>;

  struct Entry {
    std::string key;
    ImagePtr image;
    Rate rate;
    Time until = Time::max();
    Ages::iterator age;  // only where there is a lifetime
  };

  [[nodiscard]] static std::size_t size_of(const Entry& entry);
  void add(std::string_view key, ImagePtr image, Time now);
  void born(Entries::iterator entry, Time now);
  [[nodiscard]] ImagePtr drop(Entries::iterator entry);

  const std::optional<Clock::duration> lifetime_;
  Entries entries_;  // most recently used first
  Ages ages_;        // oldest first, as all live equally long; empty without a lifetime
  // The views point into the list's own keys, which never move.
  std::unordered_map<std::string_view, Entries::iterator> index_;
  CacheStats stats_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_LRU_H_
