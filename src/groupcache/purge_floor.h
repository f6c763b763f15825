// What a log of purges no longer holds.

#ifndef IMAGESERVER_GROUPCACHE_PURGE_FLOOR_H_
#define IMAGESERVER_GROUPCACHE_PURGE_FLOOR_H_

#include <optional>
#include <string>
#include <string_view>

#include "groupcache/doubts.h"
#include "groupcache/hybrid_time.h"
#include "groupcache/set_hash.h"

namespace imageserver {

struct PurgeFloor {
  HybridTime stamp = {};  // no purge up to it is in the log any more
  SetHash fallen = {};    // the purges that were; where nodes differed, what they agreed upon
  Doubts doubts = {};     // they stand for purges that not every node had when they fell out

  bool operator==(const PurgeFloor&) const = default;
};

// One line of visible ASCII without a space. Threads: any, as below.
[[nodiscard]] std::string floor_text(const PurgeFloor& floor);

// None for what floor_text() does not write.
[[nodiscard]] std::optional<PurgeFloor> parse_floor(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_PURGE_FLOOR_H_
