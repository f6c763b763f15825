// The shared cache of a ring of nodes, as golang/groupcache has it. An original, and all that is
// made of it, has one owner; in a Go ring, every key has one. A node looks in its own two caches,
// then fetches from the owner; the owner loads the picture itself. One load of a key runs at a
// time, however many requests wait for it.

#ifndef IMAGESERVER_GROUPCACHE_GROUP_H_
#define IMAGESERVER_GROUPCACHE_GROUP_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "formats/image.h"
#include "groupcache/known_originals.h"
#include "groupcache/loader.h"
#include "groupcache/original_checker.h"
#include "groupcache/peer_transport.h"
#include "groupcache/stats.h"
#include "imageserver/cache_policy.h"
#include "imageserver/ring_mode.h"

namespace imageserver {

// The nodes of the ring, and the share that each owns of all originals (of all keys in a Go ring).
struct RingView {
  RingMode mode = RingMode::kBalanced;

  // The same on nodes that agree on every owner and have the same settings: 16 hex digits.
  std::string fingerprint;

  // GroupOptions::settings.
  std::string settings = {};

  // Sorted by name.
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

  // The policy of the main cache. The hot cache is always LRU.
  CachePolicy policy = CachePolicy::kS3Fifo;

  // What is larger than one part in so many of `cache_bytes` is not cached. Above 0.
  std::int64_t smallest_share = 1;

  // Whether what this node owns is kept until others push it out. Else it goes to hot, and so is
  // forgotten after a minute (not in kGo, whose hot cache has no such limit).
  bool keeps_own = true;

  // This node's name on the ring, and the other nodes' names, exactly as the ring hashes them
  // (`http://host:port`).
  std::string self;
  std::vector<std::string> peers;

  // Gives the canonical names of the originals that a spec needs: of the picture's, by which the
  // ring places it, and behind that of the watermark's if there is one. Called from any thread,
  // concurrently. Empty: the path in the spec, alone.
  std::function<std::vector<std::string>(const TransformSpec&)> names_of = {};

  // What is known of originals, and who looks at them. Null: what is cached is never looked at
  // again. REQUIRES: both or none, and they outlive the group.
  KnownOriginals* known = nullptr;
  OriginalChecker* checker = nullptr;

  // How long what was fetched from its owner is used where nobody can look.
  milliseconds stale = std::chrono::hours(24);

  // What else all nodes of the ring must have alike, as text; the fingerprint covers it.
  std::string settings = {};

  // Says whether a fetched picture is kept in the hot cache. It is asked where the owner does not
  // say how often it is asked for the key, and in kGo always. Called from any thread, concurrently.
  // Empty: 1 in 10, at random.
  std::function<bool()> keep_hot;

  // Gives the time. Called from any thread, concurrently. Empty: the steady clock.
  std::function<Clock::time_point()> now;
};

// Threads: every method may be called from any, concurrently.
// REQUIRES: `loader` and `peers` outlive the group, and call no completion after it is destroyed.
class Group {
 public:
  Group(GroupOptions options, Loader& loader, PeerTransport& peers);
  ~Group();

  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  // What lookup() has found.
  struct Looked {
    ImagePtr image = {};  // null: load() goes on

    // How long ago the picture was fresh. None: it is.
    std::optional<milliseconds> stale_since = std::nullopt;

    // The caller calls look() with the query, as a key does not say what to look at.
    bool wants_look = false;

    // There is no picture, as the one that is cached has to be looked at first, or was replaced.
    bool was_cached = false;

    // It has to be looked at first, and the Get was counted as a hit.
    bool is_unsure = false;
  };

  // Whether a Get is counted. That by which another node finds out whether its picture is still
  // right is not: it is no request for a picture.
  enum class Counted : std::uint8_t { kYes, kNo };

  // Starts a Get: the picture if a cache here holds it and it may be used, else null, and load()
  // goes on with the same Get.
  [[nodiscard]] Looked lookup(std::string_view key, Counted counted = Counted::kYes);

  // Has it found out whether what is cached here for the query is still right, unless somebody does
  // already. The query's deadline bounds the question to the owner.
  void look(const QueryPtr& query);

  // How long an answer to such a spec that was made of these versions is still fresh; 0: it is not;
  // below 0: one of its originals is another one by now. None: nothing is known.
  [[nodiscard]] std::optional<milliseconds> fresh_for(const TransformSpec& spec,
                                                      const Versions& made_of) const;

  // Whether these are the versions of the spec's originals, as far as this node knows without a
  // look.
  [[nodiscard]] bool has_versions(const TransformSpec& spec, const Versions& versions) const;

  // Caches here what was loaded by the way. `fence`: that of its only original, when the load
  // began.
  void keep(const Query& query, const ImagePtr& image, std::uint64_t fence);

  // Goes on with a Get that lookup() missed: joins the load of that key, or starts it. What is
  // cached and may be outdated is looked at first; `is_unsure` says whether lookup() has said so.
  // `done` may be called before load() returns. A load has no deadline of its own: a caller that
  // does not want to wait longer calls leave().
  [[nodiscard]] Ticket load(const QueryPtr& query, Completion done, bool is_unsure = false);

  // Stops waiting. True: `done` will not be called. False: it was called, or is being called. When
  // the last waiter of a load leaves, the load is stopped.
  bool leave(const Ticket& ticket);

  // Whether a load of the query begun here now would have to wait long for its turn. Not so if one
  // is under way, which it would join.
  [[nodiscard]] bool would_wait(const Query& query) const;

  // Drops what is cached here of that key. A load under way goes on.
  void forget(std::string_view key);

  // Counts a request that a peer sent to this group.
  void count_server_request();

  // From now on these are the nodes of the ring, self among them whether named or not. Gets under
  // way go on as they began; what is cached stays.
  void set_nodes(std::vector<std::string> names);

  // From now on these are the settings.
  void set_settings(std::string settings);

  // The name of the node that owns what the query asks for.
  [[nodiscard]] std::string owner(const Query& query) const;

  [[nodiscard]] RingView ring() const;

  // RingView::fingerprint and RingView::settings alone.
  [[nodiscard]] std::string fingerprint() const;
  [[nodiscard]] std::string settings() const;

  // How often a key that is cached here is asked for, a second, over the last minute or so. None if
  // the key is not cached, and always none in kGo, whose nodes do not exchange rates.
  [[nodiscard]] std::optional<double> minute_qps(std::string_view key) const;

  // The counters now. Those of a cache are read together, under its lock; the group's one by one.
  [[nodiscard]] Stats stats() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_GROUP_H_
