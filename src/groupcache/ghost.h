// Who was here lately: S3-FIFO's ghost queue.

#ifndef IMAGESERVER_GROUPCACHE_GHOST_H_
#define IMAGESERVER_GROUPCACHE_GHOST_H_

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace imageserver {

// The newest of the fingerprints it was told; it never holds the keys themselves. Two keys with the
// same one are taken for one another, which is one chance in 2^64 for each pair.
// Threads: one at a time.
class Ghost {
 public:
  // Remembers it as the newest, and forgets the oldest until `most` are left.
  void remember(std::uint64_t fingerprint, std::size_t most);

  // Whether it is remembered. It is not any more.
  bool take(std::uint64_t fingerprint);

  // How many places are taken: those that are remembered, and older ones of the same or of such as
  // were taken.
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
