// One cache: pictures by key, and the counters of it. A derived class chooses what is evicted.

#ifndef IMAGESERVER_GROUPCACHE_CACHE_H_
#define IMAGESERVER_GROUPCACHE_CACHE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/clock.h"
#include "formats/image.h"
#include "groupcache/cache_entry.h"
#include "groupcache/stats.h"

namespace imageserver {

// A picture, and what it was made of.
struct Kept {
  // Without marks it is not known what the picture was made of.
  Kept(ImagePtr kept = nullptr, Marks made_of = {})
      : image(std::move(kept)), marks(std::move(made_of)) {}

  ImagePtr image;  // null: none
  Marks marks;
};

// A picture that was found.
struct Found {
  ImagePtr image;  // null: none
  Standing standing = Standing::kFresh;
};

// Threads: one at a time; CachePair locks. It knows no limit: its owner calls evict().
class Cache {
 public:
  using Time = Clock::time_point;

  virtual ~Cache() = default;
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  // The picture and how it stands. No picture if there is none, or it was replaced. Counts a get;
  // if there is a picture, counts a hit and a use of it.
  [[nodiscard]] Found get(std::string_view key, Time now);

  // What is kept, whatever its standing, without counting anything. No picture if there is none.
  [[nodiscard]] Kept peek(std::string_view key, Time now) const;

  // Adds the picture, for `lifetime` at most. If the key has a picture already, replaces it, counts
  // a use, and returns what was kept, so that the caller can free it after unlocking.
  Kept put(std::string_view key, Kept kept, Time now,
           std::optional<Clock::duration> lifetime = std::nullopt);

  // Drops the picture that the policy chooses, and returns it, so that the caller can free it after
  // unlocking. REQUIRES: not empty.
  [[nodiscard]] ImagePtr evict();

  // Drops the picture, and returns it, so that the caller can free it after unlocking; null if
  // there is none. Not counted as an eviction.
  [[nodiscard]] ImagePtr forget(std::string_view key);

  // Drops the oldest picture if its lifetime is over, and returns it; else null. Not counted as an
  // eviction: evictions make room.
  [[nodiscard]] ImagePtr drop_expired(Time now);

  // How often the picture is asked for, a second; none if it is not in the cache. Counts nothing.
  [[nodiscard]] std::optional<double> rate(std::string_view key, Time now) const;

  [[nodiscard]] const CacheStats& stats() const { return stats_; }

 protected:
  using Queue = CacheEntryList<&CacheEntry::place>;

  // A picture is no longer found once `lifetime` has passed since its put(); none: no such limit.
  explicit Cache(std::optional<Clock::duration> lifetime) : lifetime_(lifetime) {}

  // Moves the entry from its present queue to the head of this one.
  static void move_to_head(Queue& queue, CacheEntry& entry) {
    entry.place.unlink();
    queue.push_front(entry);
  }

  // A hash of all 64 bits that is the same for as long as the process runs.
  [[nodiscard]] static std::size_t hash_of(std::string_view key) {
    return std::hash<std::string_view>()(key);
  }

 private:
  // A new entry was added; its bytes and the item are counted already.
  virtual void entered(CacheEntry& entry) = 0;

  // The entry was found, or put again.
  virtual void used(CacheEntry& entry) = 0;

  // The entry's picture was replaced; its size was `before`. A call of used() follows.
  virtual void resized(const CacheEntry& /*entry*/, std::size_t /*before*/) {}

  // The entry to evict. REQUIRES: the cache is not empty.
  [[nodiscard]] virtual CacheEntry& victim() = 0;

  // The entry is about to be destroyed. It still has its picture.
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

  // Makes an element of the set changeable. A set keeps its elements const to protect their hashes;
  // here only the key is hashed, and the key is const by itself.
  static CacheEntry& to_change(const CacheEntry& entry) { return const_cast<CacheEntry&>(entry); }

  [[nodiscard]] CacheEntry* find(std::string_view key) const;
  [[nodiscard]] CacheEntry* find_alive(std::string_view key, Time now) const;
  CacheEntry& add(std::string_view key, Kept kept, Time now);
  Kept replace(CacheEntry& entry, Kept kept);
  void born(CacheEntry& entry, Time now, std::optional<Clock::duration> lifetime);
  [[nodiscard]] ImagePtr drop(CacheEntry& entry);

  const std::optional<Clock::duration> lifetime_;
  std::unordered_set<CacheEntry, Hash, Equal> entries_;
  CacheEntryList<&CacheEntry::age> ages_;  // youngest first; empty without a lifetime
  CacheStats stats_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_CACHE_H_
