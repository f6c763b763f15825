// One cache: pictures by key, with their books. A class derived from it says who goes first.

#ifndef IMAGESERVER_GROUPCACHE_CACHE_H_
#define IMAGESERVER_GROUPCACHE_CACHE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "base/clock.h"
#include "formats/image.h"
#include "groupcache/cache_entry.h"
#include "groupcache/stats.h"

namespace imageserver {

// Threads: one at a time; CachePair locks. Knows no limit: its owner says when an entry has to go.
class Cache {
 public:
  using Time = Clock::time_point;

  virtual ~Cache() = default;
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  // The picture, or null. Counts a get, and a hit, and is a use of the picture.
  [[nodiscard]] ImagePtr get(std::string_view key, Time now);

  // The same, but counts nothing and is no use.
  [[nodiscard]] ImagePtr peek(std::string_view key, Time now) const;

  // Adds the picture, or uses the key's entry and puts it in the place of the old one: that is
  // handed over, as by evict().
  ImagePtr put(std::string_view key, ImagePtr image, Time now);

  // Drops the picture that goes first. REQUIRES: not empty.
  // Hands it over, so that the caller can free it after unlocking.
  [[nodiscard]] ImagePtr evict();

  // Drops the oldest picture if its time is up, and hands it over; else null. Not an eviction,
  // which is for room.
  [[nodiscard]] ImagePtr drop_expired(Time now);

  // How often the picture is asked for, a second; none if it is not here. Counts nothing.
  [[nodiscard]] std::optional<double> rate(std::string_view key, Time now) const;

  [[nodiscard]] const CacheStats& stats() const { return stats_; }

 protected:
  using Queue = CacheEntryList<&CacheEntry::place>;

  // A picture is not found any more once `lifetime` has passed since it was put; none: it stays.
  explicit Cache(std::optional<Clock::duration> lifetime) : lifetime_(lifetime) {}

  // Stands the entry at the head of the queue, from wherever it stood.
  static void move_to_head(Queue& queue, CacheEntry& entry) {
    entry.place.unlink();
    queue.push_front(entry);
  }

  // A hash of all 64 bits that is the same for as long as the process runs.
  [[nodiscard]] static std::size_t hash_of(std::string_view key) {
    return std::hash<std::string_view>()(key);
  }

 private:
  // The entry is new, and counted already.
  virtual void entered(CacheEntry& entry) = 0;

  // The entry was found, or put again.
  virtual void used(CacheEntry& entry) = 0;

  // The entry has another picture; its size was `before`. used() follows.
  virtual void resized(const CacheEntry& /*entry*/, std::size_t /*before*/) {}

  // Who goes first. REQUIRES: there is somebody.
  [[nodiscard]] virtual CacheEntry& victim() = 0;

  // The entry, which has its picture still, is about to be destroyed.
  virtual void leaving(const CacheEntry& /*entry*/) {}

  static std::string_view key_of(std::string_view key) { return key; }
  static std::string_view key_of(const CacheEntry& entry) { return entry.key; }

  // Not noexcept: libstdc++ then keeps each hash beside its entry.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const auto& key) const { return hash_of(key_of(key)); }
  };

  struct Equal {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const { return key_of(a) == key_of(b); }
  };

  // A set's elements are constant only for the sake of what is hashed, and the key is a constant
  // itself.
  static CacheEntry& to_change(const CacheEntry& entry) { return const_cast<CacheEntry&>(entry); }

  [[nodiscard]] CacheEntry* find(std::string_view key) const;
  [[nodiscard]] CacheEntry* find_alive(std::string_view key, Time now) const;
  void add(std::string_view key, ImagePtr image, Time now);
  void born(CacheEntry& entry, Time now);
  [[nodiscard]] ImagePtr drop(CacheEntry& entry);

  const std::optional<Clock::duration> lifetime_;
  std::unordered_set<CacheEntry, Hash, Equal> entries_;
  CacheEntryList<&CacheEntry::age> ages_;  // youngest first; empty without a lifetime
  CacheStats stats_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_CACHE_H_
