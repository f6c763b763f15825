// The purges that a node knows of. All nodes of a ring come to know the same.

#ifndef IMAGESERVER_GROUPCACHE_PURGE_LOG_H_
#define IMAGESERVER_GROUPCACHE_PURGE_LOG_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "groupcache/hybrid_clock.h"
#include "groupcache/kept_purge.h"
#include "groupcache/purge_contents.h"
#include "groupcache/purge_floor.h"
#include "groupcache/purge_index.h"
#include "groupcache/purge_record.h"
#include "groupcache/reach.h"
#include "groupcache/recent_hashes.h"
#include "groupcache/set_hash.h"

namespace imageserver {

// REQUIRES: no more than contents may have (purge_contents.h).
struct PurgeLogLimits {
  std::size_t records = 4096;
  std::size_t bytes = 1U << 20U;  // of their texts
};

// Keeps the newest purges by their stamps, and those of one stamp all or none. Older ones fall out:
// from then on each counts, at the position that it had, as a soft purge of all. So nothing is
// lost, and what has heeded that position before is left alone.
//
// Two logs that merge each other's contents, in any order and whatever else they do, end with the
// same digest. Where one of them may have missed what has fallen out of the other, both hold all
// for stale, once, and so does every log that merges theirs: a doubt says so. A log that has
// nothing to tell of that time does so alone. Logs with one digest leave each other alone.
//
// Threads: any, concurrently.
class PurgeLog {
 public:
  using Limits = PurgeLogLimits;
  using Floor = PurgeFloor;
  using Contents = PurgeContents;

  // REQUIRES: `clock` outlives the log.
  explicit PurgeLog(HybridClock& clock, Limits limits = {});

  enum class Taken : std::uint8_t {
    kNew,
    kKnown,  // it is in the log, or has lately fallen out
    kLate,   // those of its time have fallen out, and it may be new: all is soft, on all nodes
    kAhead,  // nothing is taken: the clock refuses to learn its stamp
  };

  // Two records that differ are two purges, though they have one id: both are kept.
  // REQUIRES: is_purge().
  Taken take(const PurgeRecord& record);

  // The newest of that id. None if it is not in the log (any more).
  [[nodiscard]] std::optional<PurgeRecord> find(std::string_view id) const;

  // What the original of that canonical name has to heed. Takes a time that grows with the name
  // alone.
  [[nodiscard]] Reach reach(std::string_view name) const;

  // Grows with each record taken, and each time all is made soft. Who reads a new position, and
  // asks for reach() then, is told of what made it new.
  [[nodiscard]] std::uint64_t position() const { return position_.load(std::memory_order_acquire); }

  // What another node has to know before it gives the original of that name: the newest records
  // that reach it, `most` of them at most, the newest first; and whether these are all that do.
  struct Reaching {
    std::vector<PurgeRecord> records = {};
    bool are_all = true;
  };
  [[nodiscard]] Reaching reaching(std::string_view name, std::size_t most) const;

  // 32 hex digits, the same where two logs have the same contents.
  [[nodiscard]] std::string digest() const;

  [[nodiscard]] Contents contents() const;

  struct Merged {
    std::size_t taken = 0;     // records that were new
    std::size_t ahead = 0;     // records that the clock refused
    bool is_refused = false;   // nothing was merged: the clock refused the stamps of the floor
    bool has_doubted = false;  // all was made soft

    bool operator==(const Merged&) const = default;
  };

  // Takes what another log holds, and heeds what it no longer holds.
  // REQUIRES: `theirs` is as contents() or parse_contents() give it.
  Merged merge(const Contents& theirs);

  // All is soft here from now on. Other nodes do not hear of it.
  void doubt_all();

 private:
  using NewPurge = std::shared_ptr<KeptPurge>;

  [[nodiscard]] bool learns(const Floor& floor);
  bool keep(const NewPurge& purge) IMAGESERVER_REQUIRES(mutex_);
  Taken take_late(const Sha256& hash) IMAGESERVER_REQUIRES(mutex_);
  void trim() IMAGESERVER_REQUIRES(mutex_);
  void drop_until(HybridTime stamp) IMAGESERVER_REQUIRES(mutex_);
  void drop_oldest() IMAGESERVER_REQUIRES(mutex_);
  SetHash fallen_of(const Floor& theirs, const std::vector<NewPurge>& purges)
      IMAGESERVER_REQUIRES(mutex_);
  bool join_doubts(const Doubts& theirs) IMAGESERVER_REQUIRES(mutex_);
  bool agree_upon(const SetHash& fallen) IMAGESERVER_REQUIRES(mutex_);
  bool add_doubt(const std::string& reason) IMAGESERVER_REQUIRES(mutex_);
  void make_all_soft() IMAGESERVER_REQUIRES(mutex_);
  std::uint64_t next_position() IMAGESERVER_REQUIRES(mutex_);

  using Records = std::set<KeptPurgePtr, IsOlder>;

  HybridClock& clock_;
  const Limits limits_;
  std::atomic<std::uint64_t> position_ = 0;  // written with the lock
  mutable Mutex mutex_;
  Records records_ IMAGESERVER_GUARDED_BY(mutex_);
  std::size_t bytes_ IMAGESERVER_GUARDED_BY(mutex_) = 0;  // of the records' texts
  SetHash held_ IMAGESERVER_GUARDED_BY(mutex_);           // the records
  PurgeIndex index_ IMAGESERVER_GUARDED_BY(mutex_);
  Floor floor_ IMAGESERVER_GUARDED_BY(mutex_);
  RecentHashes fallen_ IMAGESERVER_GUARDED_BY(mutex_);         // of records up to the floor
  std::uint64_t all_soft_ IMAGESERVER_GUARDED_BY(mutex_) = 0;  // since which position
  mutable std::string digest_ IMAGESERVER_GUARDED_BY(mutex_);  // empty: to be made again
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_PURGE_LOG_H_
