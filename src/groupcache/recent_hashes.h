// The hashes that were seen lately.

#ifndef IMAGESERVER_GROUPCACHE_RECENT_HASHES_H_
#define IMAGESERVER_GROUPCACHE_RECENT_HASHES_H_

#include <cstddef>
#include <deque>
#include <set>

#include "base/hash.h"

namespace imageserver {

// Threads: one at a time.
class RecentHashes {
 public:
  // Of more than `most` the one that came first is forgotten.
  explicit RecentHashes(std::size_t most) : most_(most) {}

  // Does nothing if it is known.
  void add(const Sha256& hash);

  [[nodiscard]] bool knows(const Sha256& hash) const { return known_.contains(hash); }

 private:
  const std::size_t most_;
  std::set<Sha256> known_;
  std::deque<Sha256> order_;  // oldest first
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_RECENT_HASHES_H_
