// What an original has to heed of a node's log of purges.

#ifndef IMAGESERVER_GROUPCACHE_REACH_H_
#define IMAGESERVER_GROUPCACHE_REACH_H_

#include <algorithm>
#include <cstdint>

namespace imageserver {

// As positions in the log, which count what it took, from 1. 0: nothing.
struct Reach {
  std::uint64_t hard = 0;      // of the last hard purge that reaches the original
  std::uint64_t soft = 0;      // of the last soft one, or of what counts as one
  std::uint64_t position = 0;  // of the log when this was told

  // What was made of the original before is not to be served as it is.
  [[nodiscard]] std::uint64_t last() const { return std::max(hard, soft); }

  bool operator==(const Reach&) const = default;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_REACH_H_
