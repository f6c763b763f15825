// The keys of pictures that were evicted lately: S3-FIFO's ghost queue.

#ifndef IMAGESERVER_GROUPCACHE_GHOST_H_
#define IMAGESERVER_GROUPCACHE_GHOST_H_

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace imageserver {

// Remembers the newest fingerprints of keys, and not the keys themselves. Two keys with the same
// fingerprint count as one key; the chance is one in 2^64 for each pair.
// Threads: one at a time.
class Ghost {
 public:
  // Remembers the fingerprint as the newest, then forgets the oldest until `most` are left.
  void remember(std::uint64_t fingerprint, std::size_t most);

  // Whether the fingerprint was remembered. Forgets it.
  bool take(std::uint64_t fingerprint);

  // The length of the queue: places of remembered fingerprints, and older places that count no
  // longer because their fingerprint was remembered anew or taken.
  [[nodiscard]] std::size_t places() const { return queue_.size(); }

 private:
  void forget_oldest();

  std::deque<std::uint64_t> queue_;  // oldest first
  std::uint64_t passed_ = 0;         // places given up; the number of the first one in the queue

  // The number of the place that counts; other places of the same fingerprint do not.
  boost::unordered_flat_map<std::uint64_t, std::uint64_t> places_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_GHOST_H_
