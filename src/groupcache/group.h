// The shared cache of a ring of nodes, as golang/groupcache has it: every key has one owner; who is
// asked looks in its own two caches, then fetches from the owner or, being the owner, loads; one
// load at a time however many ask.

#ifndef IMAGESERVER_GROUPCACHE_GROUP_H_
#define IMAGESERVER_GROUPCACHE_GROUP_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/image.h"
#include "groupcache/loader.h"
#include "groupcache/peer_transport.h"
#include "groupcache/stats.h"
#include "imageserver/cache_policy.h"
#include "imageserver/ring_mode.h"

namespace imageserver {

// Who owns how much.
struct RingView {
  RingMode mode = RingMode::kBalanced;

  // The same on nodes that agree on every owner: 16 hex digits.
  std::string fingerprint;

  // Sorted by name. A share is the part of all keys that a node owns.
  struct Node {
    std::string name;
    double share = 0;
  };
  std::vector<Node> nodes;
};

struct GroupOptions {
  RingMode mode = RingMode::kBalanced;

  // Bytes of both caches together, keys and values counted; 0 or less: nothing is cached.
  std::int64_t cache_bytes = 134'217'728;

  // Of the main cache; the hot one is always LRU.
  CachePolicy policy = CachePolicy::kS3Fifo;

  // This node's name on the ring, and the other nodes' names, exactly as the ring hashes them
  // (`http://host:port`).
  std::string self;
  std::vector<std::string> peers;

  // Says whether a picture fetched from its owner is kept in the hot cache as well, where the owner
  // does not say how often it is asked for (kGo: always). Called from any thread, concurrently.
  // Empty: 1 in 10, at random.
  std::function<bool()> keep_hot;

  // The time, for what ages. Called from any thread, concurrently. Empty: the steady clock.
  std::function<std::chrono::steady_clock::time_point()> now;
};

// A peer mirrors a key in its hot cache if the owner is asked for it so often, a second: 60 times a
// minute.
inline constexpr double kHotQps = 1.0;

// Threads: every method may be called from any, concurrently.
// REQUIRES: `loader` and `peers` outlive the group, and call no completion after it is destroyed.
class Group {
 public:
  Group(GroupOptions options, Loader& loader, Peers& peers);
  ~Group();

  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  // Starts a Get: the picture if a cache here holds it, else null, and load() goes on with the same
  // Get.
  [[nodiscard]] ImagePtr lookup(std::string_view key);

  // Goes on with a Get that lookup() missed: joins the load of that key, or starts it. `done` may
  // be called before load() returns. A load ends when it ends, not at a deadline: whoever does not
  // want to wait longer calls leave().
  [[nodiscard]] Ticket load(const QueryPtr& query, Completion done);

  // Stops waiting: true, and `done` will not be called; false if it was or is being called. When
  // the last one leaves, the work is stopped.
  bool leave(const Ticket& ticket);

  // Counts a request that a peer sent to this group.
  void count_server_request();

  // From now on these are the nodes of the ring, self among them whether named or not. Gets under
  // way go on as they began; what is cached stays.
  void set_nodes(std::vector<std::string> names);

  // The name of the node that owns the key.
  [[nodiscard]] std::string owner(std::string_view key) const;

  [[nodiscard]] RingView ring() const;

  // RingView::fingerprint alone.
  [[nodiscard]] std::string fingerprint() const;

  // How often a key that is cached here is asked for, a second, over the last minute or so; none if
  // it is not cached, or in kGo, where nobody says it.
  [[nodiscard]] std::optional<double> minute_qps(std::string_view key) const;

  // A snapshot; each cache's figures belong together, the group's are read one by one.
  [[nodiscard]] Stats stats() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_GROUP_H_
