// Why nodes held all originals for stale.

#ifndef IMAGESERVER_GROUPCACHE_DOUBTS_H_
#define IMAGESERVER_GROUPCACHE_DOUBTS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "groupcache/hybrid_time.h"

namespace imageserver {

// A node has found that somebody may have missed a purge: each node that hears of it for the first
// time holds all for stale.
struct Doubt {
  HybridTime stamp = {};
  std::string id;  // 32 hex digits; the same where the reason is

  auto operator<=>(const Doubt&) const = default;
};

// The newest doubts. Who has missed an older one has had as many newer ones since.
// Threads: one at a time.
class Doubts {
 public:
  static constexpr std::size_t kMost = 64;

  [[nodiscard]] bool knows(std::string_view id) const;

  // Of two with one id the newer one stays. Whether the id is one of the newest, and was not
  // before.
  bool add(const Doubt& doubt);

  // Oldest first.
  [[nodiscard]] const std::vector<Doubt>& all() const { return all_; }

  bool operator==(const Doubts&) const = default;

 private:
  std::vector<Doubt> all_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_DOUBTS_H_
